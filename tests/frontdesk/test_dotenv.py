from __future__ import annotations

from pathlib import Path

from frontdesk import dotenv


def test_lines_become_variables_with_spaces_semicolons_and_hashes_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\n\nRATE=20 per minute; 300 per day\nexport SECRET='a b#c$d'\nnonsense\n")
    env: dict[str, str] = {}
    dotenv.load(file, env)
    assert env == {"RATE": "20 per minute; 300 per day", "SECRET": "a b#c$d"}


def test_what_is_set_already_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1\n")
    env = {"PORT": "2"}
    dotenv.load(tmp_path / ".env", env)
    assert env == {"PORT": "2"}


def test_no_file_is_fine(tmp_path: Path) -> None:
    env: dict[str, str] = {}
    dotenv.load(tmp_path / ".env", env)
    assert env == {}

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from frontdesk.settings import REPOSITORY, Settings, SettingsError

EXAMPLE = (REPOSITORY / ".env.example").read_text(encoding="utf-8")


class Noting(Mapping[str, str]):
    """An empty environment that notes which variables it is asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_env_example_lists_every_variable_and_no_other() -> None:
    env = Noting()
    Settings.from_environment(env)
    assert set(re.findall(r"^#([A-Z_]+)=", EXAMPLE, flags=re.MULTILINE)) == env.asked


def test_env_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE))
    shown["DATABASE_URL"] = shown["DATABASE_URL"].replace("///", f"///{REPOSITORY}/")
    assert Settings.from_environment(shown) == Settings.from_environment({})


def test_empty_variables_count_as_unset() -> None:
    assert Settings.from_environment({"PORT": "", "DATABASE_URL": " "}) == Settings.from_environment({})


def test_addresses_follow_the_ports() -> None:
    settings = Settings.from_environment({"PORT": "8000"})
    assert settings.allowed_origins == ("http://localhost:8000", "http://127.0.0.1:8000")
    assert settings.public_address == "http://localhost:8000"


def test_the_database_lies_in_the_var_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert (
        Settings.from_environment({"FRONTDESK_VAR": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/frontdesk.db"
    )
    moved = Settings.from_environment({"DATABASE_URL": "postgres://user:word@host/desk"})
    assert moved.database_url == "postgresql://user:word@host/desk"


def test_origins_are_normalised() -> None:
    settings = Settings.from_environment({"FRONTDESK_ORIGINS": "https://Www.Example.org/, http://localhost:3000"})
    assert settings.allowed_origins == ("https://www.example.org", "http://localhost:3000")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "5_005"),
        ("PORT", "٥"),
        ("ACTION_PORT", "http"),
        ("FRONTDESK_SESSION_HOURS", "1.5"),
        ("FRONTDESK_MESSAGE_LIMIT", "0"),
        ("DATABASE_URL", "mysql://host/desk"),
        ("DATABASE_URL", "frontdesk.db"),
        ("FRONTDESK_ORIGINS", "*"),
        ("FRONTDESK_ORIGINS", "https://*.example.org"),
        ("FRONTDESK_ORIGINS", "www.example.org"),
        ("FRONTDESK_ORIGINS", "https://example.org/page"),
        ("FRONTDESK_ORIGINS", "https://user@example.org"),
        ("FRONTDESK_ORIGINS", "https://example.org:port"),
        ("ACTION_URL", "127.0.0.1:5055"),
        ("FRONTDESK_MESSAGE_RATE", "often"),
        ("LOG_LEVEL", "LOUD"),
        ("FRONTDESK_SECRET", "too short"),
        ("FRONTDESK_FACTS", __file__),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({name: value})
    message = str(caught.value)
    assert message.startswith(name)
    assert message.endswith(".")
    assert "\n" not in message


def test_nothing_secret_is_in_the_repr() -> None:
    env = {"FRONTDESK_SECRET": "s" * 40, "DATABASE_URL": "postgresql://user:password@host/desk"}
    shown = repr(Settings.from_environment(env))
    assert "ssss" not in shown
    assert "password" not in shown


def test_a_given_secret_is_used_and_none_is_created(tmp_path: Path) -> None:
    settings = Settings.from_environment({"FRONTDESK_SECRET": "s" * 40, "FRONTDESK_VAR": str(tmp_path)})
    assert settings.session_secret == "s" * 40
    assert list(tmp_path.iterdir()) == []


def test_reading_settings_writes_nothing(tmp_path: Path) -> None:
    Settings.from_environment({"FRONTDESK_VAR": str(tmp_path / "var")})
    assert not (tmp_path / "var").exists()


def test_a_secret_is_created_once_for_its_owner_only(tmp_path: Path) -> None:
    env = {"FRONTDESK_VAR": str(tmp_path / "var")}
    secret = Settings.from_environment(env).session_secret
    assert len(secret) >= 32
    assert Settings.from_environment(env).session_secret == secret
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def test_a_damaged_secret_file_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(SettingsError, match="FRONTDESK_SECRET"):
        _ = Settings.from_environment({"FRONTDESK_VAR": str(tmp_path)}).session_secret


def _secret_in(folder: str) -> str:
    return Settings.from_environment({"FRONTDESK_VAR": folder}).session_secret


def test_processes_that_start_at_once_agree_on_a_secret(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        assert len(set(pool.map(_secret_in, [str(tmp_path)] * 8))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]

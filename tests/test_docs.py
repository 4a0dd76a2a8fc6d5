"""The documents say what is there: commands, settings, files, and examples that the store accepts."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
import typer
import yaml

from frontdesk.cli import app
from frontdesk.facts import rules, schema
from frontdesk.facts.loading import load
from frontdesk.facts.red_flags import load_red_flags, red_flag_defects
from frontdesk.screening import Screen

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("widget/*.md"))
)
NAMED_IN = pytest.mark.parametrize("document", DOCUMENTS)

_FENCE = re.compile(r"^([ ]*)```(\w*)\n(.*?)^\1```$", re.M | re.S)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_SETTING = re.compile(
    r"\b(?:FRONTDESK|SMTP|MAIL|WEBHOOK|FEED|PUBLIC|DATABASE|ACTION|LOG|WHATSAPP|TELEGRAM|MESSENGER|TWILIO|SLACK)_[A-Z_]+\b"
)
_PATH = re.compile(r"[a-z_.][\w.-]*(?:/[\w.*-]+)*/?")
_OURS = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "requirements.lock", ".env.example")


def _text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def _blocks(document: str) -> list[tuple[str, str]]:
    """Language and content of each fenced block, unindented."""
    return [
        (language, "".join(line.removeprefix(indent) for line in content.splitlines(keepends=True)))
        for indent, language, content in _FENCE.findall(_text(document))
    ]


def _spans(document: str) -> list[str]:
    """What stands between backticks in running text."""
    return _INLINE.findall(_FENCE.sub("", _text(document)))


def _commands(document: str) -> Iterator[list[str]]:
    """Each command line in blocks for a shell and between backticks, as words."""
    lines = [line for language, block in _blocks(document) if language == "sh" for line in block.splitlines()]
    for line in (*lines, *_spans(document)):
        try:
            yield shlex.split(line, comments=True)
        except ValueError:
            continue


@lru_cache(maxsize=1)
def _makefile() -> str:
    return _text("Makefile")


@lru_cache(maxsize=1)
def _settings() -> frozenset[str]:
    return frozenset(re.findall(r"^#([A-Z_]+)=", _text(".env.example"), flags=re.M))


@NAMED_IN
def test_every_make_target_and_variable_named_exists(document: str) -> None:
    for words in _commands(document):
        if words[:1] != ["make"]:
            continue
        for word in words[1:]:
            name, is_variable, _ = word.partition("=")
            known = rf"\b{name}=" if is_variable else rf"^{name}:"
            assert re.search(known, _makefile(), flags=re.M) or name in _settings(), " ".join(words)


@NAMED_IN
def test_every_frontdesk_command_and_option_named_exists(document: str) -> None:
    for words in _commands(document):
        if not words or words[0].rpartition("/")[2] != "frontdesk" or words[0].endswith("frontdesk/"):
            continue
        command = typer.main.get_command(app)
        rest = words[1:]
        while rest and hasattr(command, "commands"):
            assert rest[0] in command.commands, " ".join(words)
            command, rest = command.commands[rest[0]], rest[1:]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options, " ".join(words)


@NAMED_IN
def test_every_link_leads_somewhere(document: str) -> None:
    text = _text(document)
    for link in _LINK.findall(text):
        if re.match(r"https?:|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), flags=re.M)
            slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, link


@NAMED_IN
def test_every_file_named_exists(document: str) -> None:
    for span in _spans(document):
        first = span.split("/", 1)[0]
        is_ours = span in _OURS or ("/" in span and (ROOT / first).is_dir() and first not in ("var", "node_modules"))
        if is_ours and _PATH.fullmatch(span):
            assert list(ROOT.glob(span.rstrip("/"))) or (ROOT / span).exists(), span


@NAMED_IN
def test_every_setting_named_exists(document: str) -> None:
    named = set(_SETTING.findall(_text(document)))
    assert named <= _settings()


def test_readme_names_the_two_commands_and_the_settings_file() -> None:
    commands = list(_commands("README.md"))
    assert ["make", "run"] in commands
    assert ["make", "test"] in commands
    assert "(.env.example)" in _text("README.md")


@NAMED_IN
def test_yaml_examples_can_be_read(document: str) -> None:
    for language, block in _blocks(document):
        if language in ("yaml", "yml"):
            assert yaml.safe_load(block)


def _laid_into(path: Path, block: str) -> None:
    """Put an example of CONTRIBUTING where its steps say."""
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n" if path.exists() else ""
    indented = "".join(f"  {line}" for line in block.splitlines(keepends=True))
    if path.name == "red_flag_words.yml":
        text = before.replace("groups:\n", f"groups:\n{indented}", 1)
    elif path.name == "red_flags.yml":
        text = before.replace("\nreplies:\n", f"\n{indented}\nreplies:\n", 1)
    else:
        text = before + (indented if before and path.parent.name == "topics" else block)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder_with_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The facts that ship, with the examples of CONTRIBUTING in them."""
    folder = tmp_path / "facts"
    shutil.copytree(ROOT / "facts", folder)
    for language, block in _blocks("CONTRIBUTING.md"):
        file = re.match(r"# facts/(\S+)\n", block)
        if language == "yaml" and file is not None:
            if not (folder / file[1]).exists():
                monkeypatch.setattr(rules, "TOPICS", (*schema.TOPICS, Path(file[1]).stem))
            _laid_into(folder / file[1], block)
    return folder


def test_the_store_accepts_the_examples_of_contributing(folder_with_examples: Path) -> None:
    store = load(folder_with_examples)
    ids = {fact.id for _, fact in store.facts()}
    assert {"clinic_location.bicycle", "careers.apply", "suitability.facial_palsy"} <= ids
    assert "compliment" in store.replies
    red_flags = load_red_flags(folder_with_examples)
    assert not red_flag_defects(red_flags, store.sources, store.replies)


def test_the_screen_hears_the_red_flag_of_contributing(folder_with_examples: Path) -> None:
    red_flags = load_red_flags(folder_with_examples)
    screen = Screen(red_flags)
    for example in red_flags.category("D-NE").examples:
        heard = screen.check(example)
        assert heard is not None, example
        assert heard.by == "rule:D-NE.left-in"
    assert screen.check("can a needle break off in the skin?") is None

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontdesk.facts.reading import FactsError, read_yaml


def _read(folder: Path, text: str | bytes) -> Any:
    path = folder / "file.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path, folder)


def test_words_dates_and_times_of_day_stay_text(tmp_path: Path) -> None:
    text = "a: no\nb: on\nc: 10:00\nd: 09:00\ne: 2026-11-20\nf: 1_000\ng: .inf\nh: 0x1F\ni: 012"
    assert _read(tmp_path, text) == {
        "a": "no",
        "b": "on",
        "c": "10:00",
        "d": "09:00",
        "e": "2026-11-20",
        "f": "1_000",
        "g": ".inf",
        "h": "0x1F",
        "i": "012",
    }


def test_numbers_booleans_and_nothing_are_read(tmp_path: Path) -> None:
    assert _read(tmp_path, "a: 24\nb: 0.5\nc: true\nd: null\ne: ~\nf:") == {
        "a": 24,
        "b": 0.5,
        "c": True,
        "d": None,
        "e": None,
        "f": None,
    }


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert _read(tmp_path, b"\xef\xbb\xbfa: 1") == {"a": 1}


def test_a_repeat_by_alias_is_read(tmp_path: Path) -> None:
    assert _read(tmp_path, "a: &x {b: 1}\nc: *x") == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: 'a' is given twice"),
        ("a: 1\nb: [c: d", "line 3: did not find expected ',' or ']'"),
        ("a: 1\nb: c: d", "line 2: mapping values are not allowed in this context"),
        ("1: a", "line 1: a name must be plain text"),
        ("? [a]\n: b", "line 1: a name must be plain text"),
        ("a: !!python/name:os.system ''", "line 1: tags (!) are not used"),
        ("a: &x [*x]", "line 1: an alias (*) may not stand inside something that has an anchor (&) itself"),
        ("a: &x [1]\nb: &y [*x, *x]\nc: [*y, *y]", "line 2: an alias (*) may not stand inside"),
        ("[" * 100_000, "line 1: nested too deeply"),
        ("- " * 100_000, "line 1: nested too deeply"),
        ("a\n---\nb", "but found another document"),
        ("a: *x", "found undefined alias"),
        ("\x00", "file: is not valid YAML"),
        ("9" * 5000, "file: is not valid YAML"),
        (b"\xff\xfe\xfa", "file: is not UTF-8 text"),
        ("#" * 2_000_001, "file: larger than 2000000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    with pytest.raises(FactsError) as caught:
        _read(tmp_path, text)
    assert str(caught.value).startswith("file.yml: ")
    assert complaint in str(caught.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"^gone\.yml: file: No such file or directory$"):
        read_yaml(tmp_path / "gone.yml", tmp_path)


@given(st.one_of(st.text(), st.binary(), st.text(alphabet="ab:-[]{}&*!? \n'\"|>#%@`,0")))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_raises_anything_else(tmp_path: Path, text: str | bytes) -> None:
    with contextlib.suppress(FactsError):
        _read(tmp_path, text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


_text = st.text("abc: -{}[]'\"£–é\n#&*!|>%@,?01", max_size=12)
_plain = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=8,
)


@given(_plain)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_is_read_back(tmp_path: Path, data: Any) -> None:
    # Equal containers would be written as aliases, and those may not stand inside each other.
    copied = json.loads(json.dumps(data))
    assert _read(tmp_path, yaml.safe_dump(copied, allow_unicode=True)) == data

"""Reads calendar files with code that shares nothing with what wrote them: RFC 5545 by hand, zones by dateutil."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from dateutil.tz import tzical


def lines_of(file: bytes) -> list[str]:
    """The unfolded lines; complains about anything that the standard forbids."""
    assert file.endswith(b"\r\n")
    physical = file[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical), "a line is longer than 75 octets"
    assert not any(b"\r" in line or b"\n" in line for line in physical)
    lines: list[bytes] = []
    for line in physical:
        if line.startswith((b" ", b"\t")):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode("utf-8") for line in lines]


def read(file: bytes) -> dict[str, Any]:
    """Properties of the calendar, and its `events`: name to value, times as moments in UTC."""
    lines = lines_of(file)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    zones = tzical(io.StringIO("\r\n".join(lines)))
    calendar: dict[str, Any] = {"events": []}
    stack: list[str] = []
    for line in lines:
        match = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line)
        assert match, line
        name, parameters, value = match.groups()
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                calendar["events"].append({})
        elif name == "END":
            assert stack.pop() == value
        elif stack[-1] == "VCALENDAR":
            calendar[name] = value
        elif stack[-1] == "VEVENT":
            zone = re.search(r"TZID=([^;:]+)", parameters)
            calendar["events"][-1][name] = _moment(value, zones.get(zone[1])) if zone else _text(value)
    assert not stack
    return calendar


def _moment(value: str, zone: Any) -> datetime:
    assert zone is not None, "a time in a zone that is not described"
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zone)


def _text(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)

"""All that is looked at, in the order in which it is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from frontdesk.database import create_engine, engine_at
from frontdesk.doctor import content, databases, installation, outside
from frontdesk.doctor.findings import Finding, wrong
from frontdesk.facts.loading import load
from frontdesk.facts.reading import FactsError
from frontdesk.privacy.periods import Periods, load_periods
from frontdesk.settings import Settings


def examine(settings: Settings, model: Path, env_file: Path, now: datetime) -> list[Finding]:
    """Look at everything; a part that cannot be looked at is a finding, too.

    Args:
        settings: Of the installation.
        model: The file that a model of the present content has.
        env_file: The file with the settings, which need not be there.
        now: The present, aware.
    """
    return [
        *installation.secrets_of(settings, env_file),
        *installation.addresses(settings),
        *_content(settings, now),
        *installation.model(model, now),
        *_databases(settings, now),
        *outside.locks(settings),
        *outside.mail(settings.smtp),
        *outside.webhook(settings),
        *installation.channels(settings),
        *installation.disk(settings),
    ]


def _content(settings: Settings, now: datetime) -> list[Finding]:
    today = now.date()
    findings = list(content.sign_off(settings, today))
    try:
        clinic = load(settings.facts_dir).clinic
    except FactsError:
        return findings
    return [*findings, *content.time_zone(clinic), *content.holidays(clinic, today)]


def _databases(settings: Settings, now: datetime) -> list[Finding]:
    desk, talk = create_engine(settings), engine_at(settings.conversations_url)
    try:
        can_be_used, findings = databases.database(settings, desk, talk)
        if not can_be_used:
            return findings
        try:
            periods = load_periods(settings.facts_dir)
        except FactsError:
            findings.append(wrong("retention", "facts/privacy.yml cannot be used.", "Give whole days from 1 on."))
            periods = Periods.parse_obj({})
        with desk.connect() as book, talk.connect() as conversations:
            return [
                *findings,
                *databases.clock(book, conversations, now),
                *databases.notices(book, now),
                *databases.unseen(book, now),
                *databases.retention(book, conversations, periods, now),
            ]
    finally:
        desk.dispose()
        talk.dispose()

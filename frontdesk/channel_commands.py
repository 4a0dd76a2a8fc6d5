"""The command that shows which messaging channels are on."""

from __future__ import annotations

import typer
from rich.table import Table

from frontdesk.channel_settings import ChannelSettings
from frontdesk.settings import Settings
from frontdesk.terminal import UNUSABLE, complaints, console, told_plainly


def channels() -> None:
    """Show which messaging channels are on, where their platforms deliver, and what is missing."""
    with told_plainly():
        settings = Settings.from_environment()
        table = Table("Channel", "State", "Address to give to the platform", "To be set", box=None, pad_edge=False)
        for channel in settings.channels.all:
            address = f"{settings.public_address}/webhooks/{channel.page}" if channel.is_on else ""
            table.add_row(channel.title, _state(channel), address, ", ".join(_unset(channel)))
        console.print(table)
        if any(channel.is_on for channel in settings.channels.all) and not settings.is_public:
            complaints.print("PUBLIC_ADDRESS is no https address, so no platform can deliver to it.")
        for complaint in settings.channels.complaints:
            complaints.print(complaint, markup=False)
        if settings.channels.complaints:
            raise typer.Exit(UNUSABLE)


def _state(channel: ChannelSettings) -> str:
    if channel.missing:
        return "half configured"
    return "on" if channel.is_on else "off"


def _unset(channel: ChannelSettings) -> tuple[str, ...]:
    return channel.missing or (() if channel.is_on else channel.required)

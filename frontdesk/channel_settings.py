"""Which messaging channels are on: one whose variables are set is, one with none of them does not exist.

A channel with some of its variables and not all is half configured. That is told, and nothing is started with it: an
operator who has set a token expects messages to arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

MESSENGERS = ("whatsapp", "telegram", "messenger", "twilio", "slack")
"""Channels on which a visitor can be told something while they are not there."""


@dataclass(frozen=True)
class ChannelSettings:
    """What is known of one channel.

    Attributes:
        name: Name of the channel, of its path and in front of its sender ids.
        title: What people call it.
        page: Path below `/webhooks` at which the platform delivers.
        required: Its variables; None of them set, it is off.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    page: ClassVar[str]
    required: ClassVar[tuple[str, ...]]

    given: Mapping[str, str | None] = field(repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """Variables that are not set although others are."""
        unset = tuple(name for name in self.required if self.given[name] is None)
        return () if len(unset) == len(self.required) else unset

    @property
    def is_on(self) -> bool:
        """Whether all its variables are set."""
        return all(self.given[name] is not None for name in self.required)

    def value(self, name: str) -> str:
        """A variable of a channel that is on.

        Raises:
            KeyError: It is none of the channel's, or not set.
        """
        value = self.given[name]
        if value is None:
            raise KeyError(name)
        return value


@dataclass(frozen=True)
class WhatsAppSettings(ChannelSettings):
    """WhatsApp Cloud API.

    Attributes:
        api: Address and version of Meta's Graph API.
        template: Name of an approved template, sent where a free text is not allowed; None sends nothing there.
        template_language: Language of that template, as Meta writes it.
    """

    name = "whatsapp"
    title = "WhatsApp"
    page = "whatsapp/webhook"
    required = ("WHATSAPP_TOKEN", "WHATSAPP_NUMBER_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN")

    api: str
    template: str | None
    template_language: str


@dataclass(frozen=True)
class TelegramSettings(ChannelSettings):
    """Telegram; `api` is the address of its Bot API."""

    name = "telegram"
    title = "Telegram"
    page = "telegram/webhook"
    required = ("TELEGRAM_TOKEN",)

    api: str


@dataclass(frozen=True)
class MessengerSettings(ChannelSettings):
    """Messenger; `api` is the address and version of Meta's Graph API."""

    name = "messenger"
    title = "Messenger"
    page = "messenger/webhook"
    required = ("MESSENGER_TOKEN", "MESSENGER_PAGE_ID", "MESSENGER_APP_SECRET", "MESSENGER_VERIFY_TOKEN")

    api: str


@dataclass(frozen=True)
class TwilioSettings(ChannelSettings):
    """SMS and WhatsApp by Twilio; `api` is the address of its API."""

    name = "twilio"
    title = "SMS and WhatsApp by Twilio"
    page = "twilio/webhook"
    required = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")

    api: str


@dataclass(frozen=True)
class SlackSettings(ChannelSettings):
    """Slack; `api` is the address of its Web API."""

    name = "slack"
    title = "Slack"
    page = "slack/webhook"
    required = ("SLACK_TOKEN", "SLACK_SIGNING_SECRET")

    api: str


@dataclass(frozen=True)
class SocketIOSettings(ChannelSettings):
    """Socket.IO, for websites with a client of their own."""

    name = "socketio"
    title = "Socket.IO"
    page = "socketio"
    required = ("SOCKETIO",)


@dataclass(frozen=True)
class Channels:
    """All messaging channels, whether on, half configured or off."""

    whatsapp: WhatsAppSettings
    telegram: TelegramSettings
    messenger: MessengerSettings
    twilio: TwilioSettings
    slack: SlackSettings
    socketio: SocketIOSettings

    @property
    def all(self) -> tuple[ChannelSettings, ...]:
        """Each of them."""
        return (self.whatsapp, self.telegram, self.messenger, self.twilio, self.slack, self.socketio)

    @property
    def messengers(self) -> tuple[str, ...]:
        """Names of those that are on and reach visitors who are not there."""
        return tuple(channel.name for channel in self.all if channel.is_on and channel.name in MESSENGERS)

    @property
    def complaints(self) -> tuple[str, ...]:
        """A sentence for each channel that is half configured; nothing is to be started while there is one."""
        return tuple(
            f"{channel.title} is half configured: set {' and '.join(channel.missing)} too, "
            f"or unset its other variables."
            for channel in self.all
            if channel.missing
        )


def read_channels(
    text: Callable[[str], str | None], address: Callable[[str, str], str], switch: Callable[[str], bool]
) -> Channels:
    """Read the variables of all channels.

    Args:
        text: Gives a variable's text, or None.
        address: Gives a variable's web address, or the default.
        switch: Gives a variable that is 0 or 1.

    Raises:
        frontdesk.settings.SettingsError: A variable holds something that cannot be used.
    """

    def given(kind: type[ChannelSettings]) -> dict[str, Any]:
        return {name: text(name) for name in kind.required}

    graph = "https://graph.facebook.com/v23.0"
    return Channels(
        whatsapp=WhatsAppSettings(
            given(WhatsAppSettings),
            api=address("WHATSAPP_API", graph),
            template=text("WHATSAPP_TEMPLATE"),
            template_language=text("WHATSAPP_TEMPLATE_LANGUAGE") or "en",
        ),
        telegram=TelegramSettings(given(TelegramSettings), api=address("TELEGRAM_API", "https://api.telegram.org")),
        messenger=MessengerSettings(given(MessengerSettings), api=address("MESSENGER_API", graph)),
        twilio=TwilioSettings(given(TwilioSettings), api=address("TWILIO_API", "https://api.twilio.com")),
        slack=SlackSettings(given(SlackSettings), api=address("SLACK_API", "https://slack.com/api")),
        socketio=SocketIOSettings({"SOCKETIO": "1" if switch("SOCKETIO") else None}),
    )

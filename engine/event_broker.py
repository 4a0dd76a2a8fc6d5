"""Which of Rasa's event brokers is told of every event, by one address.

`EVENT_BROKER_URL`, `amqp://user:password@host:port` for RabbitMQ or `kafka://host:port`; unset, nobody is told. The
brokers are Rasa's own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from frontdesk.settings import Settings

NAME = "frontdesk_events"


class ConversationStream:
    """An event broker for `endpoints.yml`: `type: engine.event_broker.ConversationStream`."""

    @staticmethod
    async def from_endpoint_config(_: EndpointConfig) -> EventBroker | None:
        """The broker that the settings name, or None."""
        address = Settings.from_environment().event_broker_url
        return None if address is None else await EventBroker.create(endpoint(address))


def endpoint(address: str) -> EndpointConfig:
    """Rasa's description of the broker at an address."""
    parts = urlsplit(address)
    if parts.scheme == "kafka":
        options: dict[str, Any] = {"security_protocol": "PLAINTEXT", "partition_by_sender": True}
        if parts.username:
            options |= {"security_protocol": "SASL_PLAINTEXT", **_user(parts, "sasl_username", "sasl_password")}
        return EndpointConfig(parts.netloc.rpartition("@")[2], type="kafka", topic=NAME, **options)
    return EndpointConfig(
        parts.hostname,
        type="pika",
        port=parts.port or 5672,
        queues=[NAME],
        **_user(parts, "username", "password"),
    )


def _user(parts: SplitResult, name: str, password: str) -> dict[str, str]:
    return {name: unquote(parts.username or "guest"), password: unquote(parts.password or "guest")}

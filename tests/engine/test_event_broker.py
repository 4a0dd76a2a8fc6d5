from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.core.brokers.kafka import KafkaEventBroker
from rasa.core.utils import AvailableEndpoints

from engine import launch
from engine.event_broker import endpoint
from frontdesk.settings import REPOSITORY, Settings, SettingsError


def test_rabbitmq_is_described_as_rasa_wants_it() -> None:
    found = endpoint("amqp://desk:p%40ss@mq.example.org/")
    assert (found.type, found.url) == ("pika", "mq.example.org")
    assert (found.kwargs["username"], found.kwargs["password"], found.kwargs["port"]) == ("desk", "p@ss", 5672)


@pytest.mark.parametrize(
    ("address", "protocol"),
    [("kafka://kafka:9092", "PLAINTEXT"), ("kafka://desk:secret@kafka:9092", "SASL_PLAINTEXT")],
)
async def test_kafka_is_described_as_rasa_wants_it(address: str, protocol: str) -> None:
    broker = await KafkaEventBroker.from_endpoint_config(endpoint(address))
    assert broker is not None
    assert (broker.url, broker.security_protocol) == ("kafka:9092", protocol)


async def test_without_an_address_nobody_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"FRONTDESK_VAR": str(tmp_path), "EVENT_BROKER_URL": ""}
    launch.prepare(env)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    endpoints = AvailableEndpoints.read_endpoints(str(REPOSITORY / "endpoints.yml"))
    assert await EventBroker.create(endpoints.event_broker) is None


@pytest.mark.parametrize("address", ["http://secret", "amqp://:secret@", "secret"])
def test_an_address_of_another_kind_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(SettingsError, match="amqp:// or kafka://") as refused:
        Settings.from_environment({"EVENT_BROKER_URL": address})
    assert "secret" not in str(refused.value)

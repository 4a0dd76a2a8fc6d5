"""Whoever listens is told of every event, in order; nobody else notices when they are away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaException, Producer
from rasa.core.brokers.broker import EventBroker
from rasa.core.utils import AvailableEndpoints

from deploy.ports import free_port
from engine import kafka_line, launch, metrics
from engine.event_broker import ConversationStream, line_to
from engine.kafka_line import KafkaLine, options
from engine.rabbitmq_line import RabbitMQLine
from frontdesk.settings import REPOSITORY, Settings, SettingsError
from tests.fake_rabbitmq import FakeRabbitMQ


class Line:
    """A line that can be cut, also in the middle of what is told."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.breaks_after: int | None = None
        self.closed = 0

    async def tell(self, events: Sequence[dict[str, Any]]) -> None:
        for event in events:
            if self.breaks_after is not None and len(self.told) >= self.breaks_after:
                raise ConnectionError
            self.told.append(event["number"])

    async def close(self) -> None:
        self.closed += 1


def event(number: int) -> dict[str, Any]:
    return {"sender_id": "website:x", "event": "user", "number": number}


async def until(is_so: Any) -> None:
    for _ in range(1000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


def figure(gauge: Any) -> float:
    return next(iter(gauge.collect())).samples[0].value


async def test_events_are_told_in_order_once_the_broker_is_back() -> None:
    line = Line()
    stream = ConversationStream(line, pause=0.01)
    for number in range(500):
        stream.publish(event(number))
    line.breaks_after = 250
    await until(lambda: line.closed)
    assert figure(metrics.untold_events) >= 250
    for number in range(500, 510):
        stream.publish(event(number))
    line.breaks_after = None
    await until(lambda: line.told[-1:] == [509])
    # Those before the break may come once more, and none is missing.
    assert list(dict.fromkeys(line.told)) == list(range(510))
    await until(lambda: figure(metrics.untold_events) == 0)
    await stream.close()


async def test_what_is_lost_is_bounded_the_oldest_and_counted() -> None:
    line, before = Line(), figure(metrics.lost_events)
    line.breaks_after = 0
    stream = ConversationStream(line, most=100, pause=0.01)
    for number in range(130):
        stream.publish(event(number))
        await asyncio.sleep(0)
    line.breaks_after = None
    await until(lambda: line.told[-1:] == [129])
    assert line.told == list(range(30, 130))
    assert figure(metrics.lost_events) - before == 30
    await stream.close()


async def test_what_a_server_that_ends_could_not_tell_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.event_broker.SECONDS_TO_END", 0.1)
    line, before = Line(), figure(metrics.lost_events)
    line.breaks_after = 0
    stream = ConversationStream(line)
    for number in range(3):
        stream.publish(event(number))
    await stream.close()
    assert figure(metrics.lost_events) - before == 3


async def test_rabbitmq_is_told_when_it_comes_late_and_when_it_comes_back() -> None:
    broker = FakeRabbitMQ(free_port())
    stream = ConversationStream(RabbitMQLine(f"amqp://desk:p%40ss@127.0.0.1:{broker.port}"), pause=0.05)
    for number in range(50):
        stream.publish(event(number))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(broker.start)
    await until(lambda: len(broker.told) == 50)
    await asyncio.to_thread(broker.kill)
    for number in range(50, 100):
        stream.publish(event(number))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(broker.start)
    await until(lambda: broker.told[-1] == event(99))
    assert list(dict.fromkeys(told["number"] for told in broker.told)) == list(range(100))
    await stream.close()
    await asyncio.to_thread(broker.kill)


async def test_kafka_is_told_conversation_by_conversation() -> None:
    # The client library brings a broker along.
    cluster = Producer({"test.mock.num.brokers": 1})
    (broker,) = cluster.list_topics(timeout=10).brokers.values()
    address = f"{broker.host}:{broker.port}"
    stream = ConversationStream(KafkaLine(f"kafka://{address}"))
    for number in range(20):
        stream.publish(event(number))
    await until(lambda: figure(metrics.untold_events) == 0)
    consumer = Consumer({"bootstrap.servers": address, "group.id": "test", "auto.offset.reset": "earliest"})
    consumer.subscribe([kafka_line.TOPIC])
    told = [await asyncio.to_thread(consumer.poll, 20) for _ in range(20)]
    assert {message.key() for message in told} == {b"website:x"}
    assert b'"number": 0' in told[0].value()
    assert len({message.value() for message in told}) == 20
    consumer.close()
    await stream.close()


async def test_a_kafka_that_is_away_is_told_of_to_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_line, "SECONDS", 1)
    line = KafkaLine(f"kafka://127.0.0.1:{free_port()}")
    with pytest.raises(KafkaException):
        await line.tell([event(1)])
    await line.close()


def test_an_address_says_which_line_and_how() -> None:
    assert isinstance(line_to("amqp://desk:secret@mq"), RabbitMQLine)
    assert isinstance(line_to("kafka://kafka:9092"), KafkaLine)
    assert options("kafka://kafka:9092")["security.protocol"] == "PLAINTEXT"
    with_user = options("kafka://desk:p%40ss@kafka:9092")
    assert (with_user["bootstrap.servers"], with_user["sasl.password"]) == ("kafka:9092", "p@ss")
    assert with_user["security.protocol"] == "SASL_PLAINTEXT"


@pytest.mark.parametrize(("address", "kind"), [("", type(None)), ("amqp://mq.example.org", ConversationStream)])
async def test_endpoints_yml_leads_here_and_nobody_is_called_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, kind: type
) -> None:
    env = {"FRONTDESK_VAR": str(tmp_path), "EVENT_BROKER_URL": address}
    launch.prepare(env)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    endpoints = AvailableEndpoints.read_endpoints(str(REPOSITORY / "endpoints.yml"))
    assert isinstance(await EventBroker.create(endpoints.event_broker), kind)


@pytest.mark.parametrize("address", ["http://secret", "amqp://:secret@", "secret"])
def test_an_address_of_another_kind_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(SettingsError, match="amqp:// or kafka://") as refused:
        Settings.from_environment({"EVENT_BROKER_URL": address})
    assert "secret" not in str(refused.value)

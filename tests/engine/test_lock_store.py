from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.core.utils import AvailableEndpoints, number_of_sanic_workers

from engine import launch, lock_store
from engine.lock_store import ConversationLocks
from frontdesk.settings import REPOSITORY
from tests.services import RedisServer, redis_server

__all__ = ["redis_server"]


class Turns:
    """Turns that note when they began and ended."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, int]] = []
        self.at_once = self.most_at_once = 0

    async def run(self, locks: ConversationLocks, number: int, conversation: str = "visitor") -> None:
        async with locks.lock(conversation):
            self.noted.append(("begin", number))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await asyncio.sleep(0.01)
            self.at_once -= 1
            self.noted.append(("end", number))


async def test_messages_of_one_conversation_are_served_in_the_order_in_which_they_came() -> None:
    locks, turns = ConversationLocks(), Turns()
    await asyncio.wait_for(asyncio.gather(*(turns.run(locks, number) for number in range(20))), 2)
    assert turns.noted == [(what, number) for number in range(20) for what in ("begin", "end")]


async def test_conversations_do_not_wait_for_each_other() -> None:
    locks, turns = ConversationLocks(), Turns()
    await asyncio.gather(*(turns.run(locks, number, f"visitor {number}") for number in range(5)))
    assert turns.most_at_once == 5


async def test_a_turn_that_fails_lets_go_and_leaves_nothing_behind() -> None:
    locks = ConversationLocks()
    with pytest.raises(ZeroDivisionError):
        async with locks.lock("visitor"):
            raise ZeroDivisionError
    async with locks.lock("visitor"):
        pass
    assert locks._queues == {}


async def test_a_visitor_who_goes_away_while_waiting_does_not_hold_up_the_others() -> None:
    locks, turns = ConversationLocks(), Turns()
    first = asyncio.create_task(turns.run(locks, 0))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(turns.run(locks, 1))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(first, turns.run(locks, 2))
    assert turns.noted == [(what, number) for number in (0, 2) for what in ("begin", "end")]
    assert locks._queues == {}


async def test_waiting_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_store, "WAIT_SECONDS", 0.05)
    locks = ConversationLocks()
    async with locks.lock("visitor"):
        with pytest.raises(LockError, match="too long"):
            async with locks.lock("visitor"):
                pass


async def test_two_servers_hold_one_conversation_one_after_the_other(redis_server: RedisServer) -> None:
    one, two = (ConversationLocks(redis_url=redis_server.url) for _ in range(2))
    turns = Turns()
    await asyncio.wait_for(asyncio.gather(*(turns.run((one, two)[n % 2], n) for n in range(20))), 10)
    assert turns.most_at_once == 1
    assert len(turns.noted) == 40


async def test_a_server_that_died_holds_a_conversation_for_a_short_time_only(redis_server: RedisServer) -> None:
    dead, alive = (ConversationLocks(redis_url=redis_server.url) for _ in range(2))
    assert await dead._take("visitor", 0.2, 0.01) is not None
    await asyncio.wait_for(Turns().run(alive, 1), 2)


async def test_a_turn_may_take_longer_than_a_lock_lives(redis_server: RedisServer) -> None:
    one, two = (ConversationLocks(redis_url=redis_server.url) for _ in range(2))
    order = []

    async def second() -> None:
        async with two.lock("visitor"):
            order.append("second")

    async with one.lock("visitor", lock_lifetime=0.3):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(1)
        order.append("first")
    await asyncio.wait_for(waiting, 2)
    assert order == ["first", "second"]


async def test_turns_go_on_without_redis_and_use_it_again_when_it_is_back(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_store, "PAUSE_SECONDS", 0.1)
    locks = ConversationLocks(redis_url=redis_server.url)
    await Turns().run(locks, 0)
    redis_server.kill()
    turns = Turns()
    await asyncio.wait_for(asyncio.gather(*(turns.run(locks, number) for number in range(5))), 5)
    assert turns.most_at_once == 1
    redis_server.start()
    await asyncio.sleep(0.15)
    lock = await locks._take("visitor", 5, 0.01)
    assert lock is not None


async def test_redis_that_dies_during_a_turn_does_not_fail_it(redis_server: RedisServer) -> None:
    locks = ConversationLocks(redis_url=redis_server.url)
    async with locks.lock("visitor"):
        redis_server.kill()


def test_rasa_finds_the_locks_and_allows_several_workers(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"FRONTDESK_VAR": str(tmp_path)}
    launch.prepare(env)
    for name, value in {**env, "SANIC_WORKERS": "3"}.items():
        monkeypatch.setenv(name, value)
    endpoints = AvailableEndpoints.read_endpoints(str(REPOSITORY / "endpoints.yml"))
    assert isinstance(LockStore.create(endpoints.lock_store), ConversationLocks)
    assert number_of_sanic_workers(endpoints.lock_store) == 3

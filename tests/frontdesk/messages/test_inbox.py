"""Each delivery once, each conversation in order, however many processes serve, on either database."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa

from frontdesk.messages.inbox import Answered, Arrival, Entry, Inbox
from frontdesk.messages.outgoing import Outgoing
from frontdesk.messages.tables import channel_inbox, channel_seen

NOW = datetime(2026, 11, 20, 10, tzinfo=timezone.utc)
WEEK = timedelta(days=8)
SERVERS, CONVERSATIONS, MESSAGES = 6, 5, 8


def arrival(conversation: str, number: int) -> Arrival:
    return Arrival(conversation, f"{conversation} {number}", "text", {"text": str(number)}, {"to": conversation})


def test_a_delivery_is_taken_in_once_however_often_and_wherever_it_comes(engine: sa.engine.Engine) -> None:
    def deliver(number: int) -> int:
        return Inbox(engine).add("telegram", [arrival("a", number % 10)], NOW, WEEK)

    with ThreadPoolExecutor(SERVERS) as pool:
        assert sum(pool.map(deliver, range(60))) == 10


def test_ids_of_one_conversation_say_nothing_of_another(engine: sa.engine.Engine) -> None:
    inbox = Inbox(engine)
    for conversation in ("a", "b"):
        mine = Arrival(conversation, "1", "text", {}, {})
        assert inbox.add("telegram", [mine, mine], NOW, WEEK) == 1
    assert inbox.add("slack", [Arrival("a", "1", "text", {}, {})], NOW, WEEK) == 1


def test_servers_share_conversations_and_each_keeps_its_order(engine: sa.engine.Engine) -> None:
    inbox = Inbox(engine)
    for number in range(MESSAGES):
        inbox.add("telegram", [arrival(str(each), number) for each in range(CONVERSATIONS)], NOW, WEEK)
    served: dict[str, list[str]] = defaultdict(list)
    at_work: set[str] = set()
    lock = threading.Lock()

    def answer(entry: Entry) -> None:
        with lock:
            assert entry.conversation not in at_work
            at_work.add(entry.conversation)
            served[entry.conversation].append(entry.content["text"])
        time.sleep(0.002)
        with lock:
            at_work.remove(entry.conversation)
        assert inbox.answer(entry, Answered(({"path": entry.content["text"]},)), NOW)

    def serve() -> None:
        while sum(map(len, served.values())) < CONVERSATIONS * MESSAGES:
            entry = inbox.take(["telegram"], NOW)
            if entry is not None:
                answer(entry)

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(SERVERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert served == {str(each): [str(number) for number in range(MESSAGES)] for each in range(CONVERSATIONS)}
    outgoing, sent = Outgoing(engine), defaultdict(list)
    while (letter := outgoing.take(["telegram"], NOW)) is not None:
        sent[letter.id].append(letter.call["path"])
        outgoing.sent(letter)
    assert len(sent) == CONVERSATIONS * MESSAGES


def test_a_message_goes_when_it_is_answered_and_of_its_delivery_a_hash_stays(engine: sa.engine.Engine) -> None:
    inbox = Inbox(engine)
    inbox.add("telegram", [arrival("a", 1)], NOW, WEEK)
    entry = inbox.take(["telegram"], NOW)
    assert entry is not None
    inbox.answer(entry, Answered(({},), {"numbered": True, "choices": []}, {"k:1": "a payload"}), NOW)
    assert inbox.payload("k:1") == "a payload"
    with engine.connect() as connection:
        assert connection.execute(sa.select(channel_inbox)).all() == []
        (seen,) = connection.execute(sa.select(channel_seen)).all()
    assert len(seen.delivery) == 64
    assert seen.forget_at == NOW + WEEK
    assert inbox.add("telegram", [arrival("a", 1)], NOW, WEEK) == 0


def test_a_server_whose_lease_is_over_answers_nothing(engine: sa.engine.Engine) -> None:
    inbox = Inbox(engine)
    inbox.add("telegram", [arrival("a", 1)], NOW, WEEK)
    slow = inbox.take(["telegram"], NOW)
    quick = inbox.take(["telegram"], NOW + timedelta(minutes=2))
    assert slow is not None
    assert quick is not None
    assert quick.attempt == 2
    assert inbox.answer(quick, Answered(({"path": "quick"},)), NOW)
    assert not inbox.answer(slow, Answered(({"path": "slow"},)), NOW)
    letter = Outgoing(engine).take(["telegram"], NOW)
    assert letter is not None
    assert letter.call == {"path": "quick"}

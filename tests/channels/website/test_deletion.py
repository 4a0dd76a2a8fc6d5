"""A conversation that its visitor has deleted."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from frontdesk.endings import Endings


async def test_nobody_goes_on_with_a_deleted_conversation(open_door):
    async with open_door() as door:
        mine, other = await door.open_session(), await door.open_session()
        await door.say("how much?", mine)
        answer = await door.http.delete("/session", headers=mine)
        assert (answer.status_code, answer.content) == (204, b"")

        for path, body in (("/message", {"message": "and then?"}), ("/feedback", {"answer": "a" * 12, "vote": "up"})):
            refused = await door.http.post(path, json=body, headers=mine)
            assert (refused.status_code, refused.json()["error"]["code"]) == (401, "session_ended")
        assert (await door.http.delete("/session", headers=mine)).status_code == 401
        assert (await door.say("how much?", other)).status_code == 200
        assert len(door.agent.received) == 2
        assert door.agent.erased == [door.agent.received[0].sender_id]


async def test_only_who_has_the_token_deletes(open_door):
    async with open_door() as door:
        for headers in ({}, {"Authorization": "Bearer made-up"}):
            assert (await door.http.delete("/session", headers=headers)).status_code == 401
        assert door.agent.erased == []


async def test_deleted_stays_deleted_after_a_restart(open_door):
    async with open_door() as door:
        mine = await door.open_session()
        await door.http.delete("/session", headers=mine)
    async with open_door() as door:
        assert (await door.say("how much?", mine)).status_code == 401


async def test_a_database_that_is_away_silences_nobody(open_door, monkeypatch):
    def fail(*_):
        raise OperationalError("SELECT", {}, Exception("away"))

    async with open_door() as door:
        mine = await door.open_session()
        monkeypatch.setattr(Endings, "has_ended", fail)
        assert (await door.say("my throat is closing", mine)).status_code == 200

"""Ratings of answers: only ids get in, each visitor rates in their own conversation."""

from __future__ import annotations

import pytest

from frontdesk.database import create_engine
from frontdesk.feedback import FeedbackLog
from frontdesk.migrations import upgrade

RATING = {"answer": "a1b2c3d4", "vote": "up", "facts": ["cost.session"], "topics": ["cost"]}


@pytest.fixture
def log(settings) -> FeedbackLog:
    engine = create_engine(settings)
    upgrade(engine)
    return FeedbackLog(engine)


async def test_rating_is_stored_once_and_can_be_changed(open_door, log):
    async with open_door() as door:
        headers, others = await door.open_session(), await door.open_session()
        for vote in ("up", "down"):
            response = await door.http.post("/feedback", json={**RATING, "vote": vote}, headers=headers)
            assert response.status_code == 200
        await door.http.post("/feedback", json=RATING, headers=others)

        assert [(each.vote, each.facts, each.topics) for each in log.all()] == [
            ("down", ("cost.session",), ("cost",)),
            ("up", ("cost.session",), ("cost",)),
        ]
        assert len({each.conversation for each in log.all()}) == 2
        await door.http.post("/feedback", json={**RATING, "vote": None}, headers=headers)
        assert [each.vote for each in log.all()] == ["up"]


@pytest.mark.parametrize(
    "changed",
    [
        {"answer": "short"},
        {"answer": "x" * 41},
        {"answer": 7},
        {"vote": "sideways"},
        {"vote": 1},
        {"vote": ["up"]},
        {"facts": "cost"},
        {"facts": ["I am pregnant"]},
        {"facts": ["cost.session"] * 41},
        {"topics": [None]},
        {"topics": ["a" * 121]},
    ],
)
async def test_anything_else_is_refused(open_door, log, changed):
    async with open_door() as door:
        response = await door.http.post("/feedback", json={**RATING, **changed}, headers=await door.open_session())

        assert response.status_code == 400
        assert response.json()["error"]["code"] == "feedback_not_understood"
        assert log.all() == []


async def test_rating_needs_a_session_and_an_allowed_site_and_has_a_limit(open_door, log):
    async with open_door(message_rate="2 per minute") as door:
        assert (await door.http.post("/feedback", json=RATING)).status_code == 401
        headers = await door.open_session()
        evil = {**headers, "Origin": "https://evil.example"}
        assert (await door.http.post("/feedback", json=RATING, headers=evil)).status_code == 403
        codes = [(await door.http.post("/feedback", json=RATING, headers=headers)).status_code for _ in range(3)]
        assert codes == [200, 200, 429]


async def test_widget_can_ask_about_the_clinic(open_door):
    async with open_door() as door:
        about = (await door.http.get("/about")).json()

        assert about == {
            "name": "Linden Row <Skin> Clinic",
            "phone": "+44 20 7946 0018",
            "emergency_number": "999",
            "language": "en-GB",
            "message_limit": 1000,
            "session_hours": 12,
        }
        assert (await door.http.get("/about", headers={"Origin": "https://evil.example"})).status_code == 403

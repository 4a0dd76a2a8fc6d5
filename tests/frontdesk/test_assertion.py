from __future__ import annotations

import pytest

from frontdesk.vocabulary import Term, Vocabulary

WORDS = {
    "pregnant": ("pregnant", "pregnancy"),
    "breastfeeding": ("breastfeeding",),
    "rosacea": ("rosacea",),
    "eczema": ("eczema",),
    "psoriasis": ("psoriasis",),
    "cancer": ("cancer",),
    "diabetes": ("diabetes", "diabetic"),
    "keloid": ("keloid", "keloids"),
    "cold_sore": ("cold sore", "cold sores"),
    "roaccutane": ("roaccutane", "accutane"),
    "warfarin": ("warfarin",),
    "aspirin": ("aspirin",),
}
VOCABULARY = Vocabulary(Term("condition", value, phrases) for value, phrases in WORDS.items())


def states(text: str) -> dict[str, str]:
    return {entity.value: entity.state for entity in VOCABULARY.find(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I've got rosacea on my cheeks", {"rosacea": "present"}),
        ("i take warfarin every evening", {"warfarin": "present"}),
        ("I've had rosacea for years", {"rosacea": "present"}),
        ("I have had eczema since I was a baby", {"eczema": "present"}),
        ("could I be pregnant and still come?", {"pregnant": "present"}),
    ],
)
def test_what_a_visitor_has_is_present(text, expected):
    assert states(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm not pregnant", {"pregnant": "denied"}),
        ("im not currently breastfeeding", {"breastfeeding": "denied"}),
        ("never had a cold sore", {"cold_sore": "denied"}),
        ("I don’t have eczema", {"eczema": "denied"}),
        ("i dont have diabetes", {"diabetes": "denied"}),
        ("haven't got psoriasis", {"psoriasis": "denied"}),
        ("I've never been on accutane", {"roaccutane": "denied"}),
        ("no eczema, rosacea or psoriasis", {"eczema": "denied", "rosacea": "denied", "psoriasis": "denied"}),
        ("neither pregnant nor breastfeeding", {"pregnant": "denied", "breastfeeding": "denied"}),
    ],
)
def test_what_a_visitor_denies_is_denied(text, expected):
    assert states(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't have cancer any more", {"cancer": "past"}),
        ("came off roaccutane in May", {"roaccutane": "past"}),
        ("I stopped accutane three months ago", {"roaccutane": "past"}),
        ("no longer on accutane", {"roaccutane": "past"}),
        ("I had keloids as a teenager", {"keloid": "past"}),
        ("used to get eczema", {"eczema": "past"}),
        ("my cancer is in remission", {"cancer": "past"}),
    ],
)
def test_what_is_over_is_past(text, expected):
    assert states(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my sister is pregnant", {"pregnant": "other"}),
        ("my mum takes warfarin", {"warfarin": "other"}),
        ("she has psoriasis", {"psoriasis": "other"}),
        ("diabetes runs in my family", {"diabetes": "other"}),
    ],
)
def test_what_somebody_else_has_is_theirs(text, expected):
    assert states(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm not pregnant but breastfeeding", {"pregnant": "denied", "breastfeeding": "present"}),
        ("I am pregnant. I do not have eczema.", {"pregnant": "present", "eczema": "denied"}),
        ("my mum is diabetic, and I have eczema", {"diabetes": "other", "eczema": "present"}),
        ("I'm on warfarin, not aspirin", {"warfarin": "present", "aspirin": "denied"}),
        ("had keloids years back but I have rosacea", {"keloid": "past", "rosacea": "present"}),
    ],
)
def test_each_clause_is_read_by_itself(text, expected):
    assert states(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "can't I have it with rosacea?",
        "why can't pregnant women have it",
        "I can't have aspirin",
        "I can't stop my warfarin",
        "shouldn't diabetics avoid this",
        "not sure if I'm pregnant",
        "it's not just eczema",
        "I don't know whether I have psoriasis",
    ],
)
def test_a_negation_that_denies_nothing_leaves_a_condition_present(text):
    assert set(states(text).values()) == {"present"}


@pytest.mark.parametrize(
    "text",
    [
        "never had a cold sore... well once as a kid",
        "never had a cold sore but I did get one as a child",
        "no cold sores, well maybe once years ago",
        "no cold sores except one time when I was pregnant",
    ],
)
def test_a_denial_that_is_taken_back_is_past(text):
    assert states(text)["cold_sore"] == "past"


@pytest.mark.parametrize(
    "text", ["I'm not on roaccutane either, finished it 2 years ago", "not taking roaccutane now, stopped in may"]
)
def test_what_is_over_is_past_although_it_is_denied_now(text):
    assert states(text)["roaccutane"] == "past"


@pytest.mark.parametrize(
    "text",
    ["no cold sores, but well, is it safe?", "not on roaccutane, only once a day a vitamin", "no roaccutane ever"],
)
def test_what_follows_a_denial_need_not_take_it_back(text):
    assert set(states(text).values()) == {"denied"}

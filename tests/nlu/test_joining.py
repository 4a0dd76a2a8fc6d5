from __future__ import annotations

from nlu.joining import JoiningRules, Piece, join

RULES = JoiningRules(
    silent=frozenset({"story", "greet", "thank"}),
    dominant=frozenset({"emergency", "medical_advice", "out_of_scope"}),
    absorbed={"medical_advice": frozenset({"follow_up", "ask_side_effects"})},
    needs={"emergency": 0.6},
)


def piece(text: str, intent: str, confidence: float = 0.9, then: str = "ask_what_is") -> Piece:
    return Piece(text, ((intent, confidence), (then, 1 - confidence)))


def intents(whole: Piece, *pieces: Piece, items: tuple[Piece, ...] = ()) -> list[str]:
    return [question.intent for question in join(whole, pieces, items, RULES)]


def test_one_thought_is_one_question():
    assert intents(piece("how much", "ask_cost")) == ["ask_cost"]


def test_questions_keep_their_order():
    whole = piece("does it hurt and how much is it", "ask_cost")
    assert intents(whole, piece("does it hurt", "ask_pain"), piece("how much is it", "ask_cost")) == [
        "ask_pain",
        "ask_cost",
    ]


def test_a_greeting_or_a_story_is_no_question_beside_one():
    whole = piece("hi. I've had acne for years. does it help?", "story")
    pieces = (
        piece("hi.", "greet"),
        piece("I've had acne for years.", "story"),
        piece("does it help?", "ask_effectiveness"),
    )
    assert intents(whole, *pieces) == ["ask_effectiveness"]


def test_a_story_alone_stays_a_story():
    whole = piece("My wedding is in June. I've had acne.", "story")
    assert intents(whole, piece("My wedding is in June.", "story"), piece("I've had acne.", "story")) == ["story"]


def test_an_unsure_piece_is_no_question_of_its_own():
    whole = piece("how much is it. or so I heard", "ask_cost")
    assert intents(whole, piece("how much is it.", "ask_cost"), piece("what I heard", "ask_pain", 0.2)) == ["ask_cost"]


def test_a_question_that_the_whole_agrees_with_keeps_all_its_words():
    whole = piece("I have scars. how much is it", "ask_cost")
    (question,) = join(whole, [piece("I have scars.", "story"), piece("how much is it", "ask_cost")], [], RULES)
    assert question.text == whole.text


def test_the_same_question_twice_is_one():
    whole = piece("price? how much?", "ask_cost")
    assert intents(whole, piece("what price?", "ask_cost"), piece("how much?", "ask_cost")) == ["ask_cost"]


def test_the_items_of_a_list_are_questions():
    items = (piece("price", "ask_cost"), piece("pain", "ask_pain"))
    assert intents(piece("price, pain", "ask_cost"), items=items) == ["ask_cost", "ask_pain"]


def test_a_list_with_an_item_that_asks_nothing_is_one_question():
    items = (piece("scars", "story"), piece("pores", "ask_concerns_treated"))
    assert intents(piece("scars and pores", "ask_concerns_treated"), items=items) == ["ask_concerns_treated"]


def test_a_medical_worry_takes_its_side_questions_along_but_not_a_question_of_another_kind():
    whole = piece("my skin is oozing, is that normal and how much is a session", "medical_advice")
    pieces = (
        piece("my skin is oozing", "medical_advice"),
        piece("is that normal", "ask_side_effects"),
        piece("how much is a session", "ask_cost"),
    )
    assert intents(whole, *pieces) == ["medical_advice", "ask_cost"]


def test_an_emergency_is_all_there_is():
    whole = piece("I can't breathe. how much is it", "emergency")
    assert intents(whole, piece("I can't breathe.", "emergency"), piece("how much is it", "ask_cost")) == ["emergency"]


def test_a_dominant_whole_outweighs_pieces_that_sound_harmless():
    whole = piece("should I stop my tablets and when", "medical_advice")
    pieces = (piece("should I stop my tablets", "ask_preparation", 0.3), piece("when", "follow_up"))
    assert intents(whole, *pieces)[0] == "medical_advice"


def test_an_intent_that_needs_more_confidence_gives_way_to_the_next():
    assert intents(piece("it stings a bit", "emergency", 0.5, then="ask_pain")) == ["ask_pain"]
    assert intents(piece("I can't breathe", "emergency", 0.7, then="ask_pain")) == ["emergency"]


def test_no_more_questions_than_can_be_answered():
    pieces = [piece(f"what about {n}", f"ask_{n}") for n in "abcdefg"]
    assert intents(piece("all that", "ask_a"), *pieces) == ["ask_a", "ask_b", "ask_c"]


def test_a_piece_without_a_ranking_is_unsure():
    assert (Piece("?", ()).intent, Piece("?", ()).confidence) == ("", 0.0)


def test_what_reads_like_a_question_or_a_request():
    asking = [
        "how much?",
        "and what about pain",
        "please tell me the price",
        "I was wondering",
        "so is it safe",
        "I need a price",
    ]
    telling = ["My wedding is in June.", "I've had acne for years", "Thanks"]
    assert all(piece(text, "x").asks for text in asking)
    assert not any(piece(text, "x").asks for text in telling)


def test_a_thing_that_is_only_named_is_asked_for():
    whole = piece("price for both cheeks. till when are you open", "ask_cost")
    pieces = (piece("price for both cheeks.", "ask_cost"), piece("till when are you open", "ask_clinic_hours"))
    assert intents(whole, *pieces) == ["ask_cost", "ask_clinic_hours"]


def test_what_tells_of_something_is_not_asked_for():
    whole = piece("no slots left today. can I talk to someone", "human_handoff")
    pieces = (piece("no slots left today.", "book_consultation"), piece("can I talk to someone", "human_handoff"))
    assert intents(whole, *pieces) == ["human_handoff"]

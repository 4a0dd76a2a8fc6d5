"""The red-flag screen: dangers are heard however they are told, and what only sounds like one is let be."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.facts.red_flags import load_red_flags
from frontdesk.screening import Screen
from frontdesk.screening.examples import example_defects
from frontdesk.settings import REPOSITORY
from nlu.spelling import Spelling

RED_FLAGS = load_red_flags(REPOSITORY / "facts")
SCREEN = Screen(RED_FLAGS)
SPELLING = Spelling(["microneedling", "lidocaine", "emla"])


def level(text: str) -> str | None:
    flag = SCREEN.check(text)
    return flag.level if flag else None


def category(text: str) -> str | None:
    flag = SCREEN.check(text)
    return flag.category if flag else None


def test_every_category_hears_its_own_examples_and_lets_the_harmless_ones_be() -> None:
    assert [str(defect) for defect in example_defects(RED_FLAGS)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my tongue has got so big I can't close my mouth", "E-AN"),
        ("she is wheezing and her lips are like balloons", "E-AN"),
        ("numbing cream on both legs and now my heart won't stop racing", "E-LA"),
        ("the twins swallowed the lidocaine cream", "E-LA"),
        ("boiling hot, shivering and he doesn't know what day it is", "E-SE"),
        ("none of us has been able to wake him, he has gone floppy", "E-CO"),
        ("one side of his mouth is hanging down", "E-CO"),
        ("the swelling is hot and I have a temperature of 38.2", "E-SP"),
        ("101.3F, and the skin is swollen and full of pus", "E-SP"),
        ("everything went black in one eye after the filler", "E-EY"),
        ("acid splashed into her eyes", "E-EY"),
        ("pressed on it for a quarter of an hour and it is still bleeding", "E-BL"),
        ("nobody would miss me if I was gone", "E-SH"),
        ("I can feel my throat getting smaller", "E-AN"),
        ("my chest is whistling and I have a rash all over", "E-AN"),
        ("a temp of 103 and he's hallucinating", "E-SE"),
        ("shaking so much since my session that I can't hold the phone", "E-SE"),
        ("every time I take the tissue off it starts again", "E-BL"),
        ("bled all night", "E-BL"),
        ("the light kills my eye", "E-EY"),
        ("my arm won't do what I tell it", "E-CO"),
        ("my brother is threatening to kill himself", "E-SH"),
    ],
)
def test_emergencies_are_heard_with_their_category(text: str, expected: str) -> None:
    assert level(text) == "emergency"
    assert category(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day 5 and there is yellow crust and pus on my chin", "D-IN"),
        ("my cheek is hot, swollen and throbbing", "D-FA"),
        ("I'm on chemo and the treated cheek is red and hot", "D-FA"),
        ("a cold sore has come out two days after my session", "D-HS"),
        ("I've come up in a rash after the serum", "D-AL"),
        ("still bright red after ten days", "D-LO"),
        ("dark patches came up weeks after my treatment", "D-PI"),
        ("there are dents in my cheeks since Morpheus8", "D-RF"),
        ("the salon reused a needle on me", "D-BB"),
        ("I had needling on Monday and just found out I'm pregnant", "D-PR"),
        ("I used my retinol the night after by mistake", "D-WR"),
        ("I used a roller at home and now it's infected", "D-HO"),
    ],
)
def test_signs_for_today_are_heard_with_their_category(text: str, expected: str) -> None:
    assert (level(text), category(text)) == ("urgent", expected)


@pytest.mark.parametrize(
    "text",
    [
        "cant breathe",
        "cnt breathe",
        "can;t breathe",
        "can´t breathe",
        "CAN'T BREATHE",
        "cantbreathe",
        "cant breatheeee",
        "throats closing",
        "Throat. Closing. Help.",
        "throte swolen",
        "shes having a fit",
        "passed out",
        "gone floppy",
        "bleeding wont stop",
        "want to end it",
        "dont want to be here anymore",
        "no point in living",
        "better off dead",
        "kms",
    ],
)
def test_panicked_and_misspelt_messages_are_heard(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday at 3 works for me. My throat is closing",
        "can I book for next week, my wife can't breathe",
        "what are your opening hours her face has drooped on one side",
        "how much is it and my husband has collapsed",
        "can you help my throat is closing",
        "is it normal that my tongue is swelling",
        "does it matter that my lips have gone blue",
        "what does it mean if my throat is closing up",
        "not sure if it is the cream but my tongue is huge",
        "no idea why but I can't swallow",
        "no my throat is closing",
        "I had needling three weeks ago and now I have a fever and hot swollen skin",
        "two years ago it was fine, this time my throat is swelling",
        "I have asthma and I can't breathe since the cream",
        "what do I do if someone has stopped breathing",
        "I'm scared, my face won't stop bleeding",
        "neither my mum nor the doctor is here, I can't breathe",
        "far from home and I can't breathe",
    ],
)
def test_danger_is_heard_inside_other_business(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        # denied
        "no fever, no pus, only a bit red",
        "I'm not struggling to breathe",
        "no fever, chest pain or fainting",
        "I don't think it's sepsis",
        "her lips are not blue",
        "chest pain: none",
        "the bleeding stopped within a minute",
        "neither me nor my sister ever had a seizure",
        "far from collapsing, I ran home",
        "anaphylaxis: never",
        "my lips have never once swelled",
        # long past
        "I had a reaction last year and my throat swelled",
        "I fainted at school once",
        "I had a stroke in 2014, can I have it",
        "my gran died of a heart attack",
        "I used to self harm",
        # in general, or feared
        "can it cause an infection and fever?",
        "what if I can't breathe afterwards?",
        "is it dangerous if my throat swells?",
        "what are the signs of sepsis",
        "does it bleed a lot",
        "has anyone ever fainted",
        "I'm scared I'll pass out",
        "I read that a woman went blind from filler",
        "do you have a plan if somebody has a seizure",
        # figures of speech
        "these prices are killing me",
        "dying to try it",
        "I'd kill for your skin",
        "a glow to die for",
        "nearly had a heart attack when I saw the bill",
        "it took my breath away",
        # known for long
        "I have asthma and wheeze sometimes, can I have it?",
        "I have a heart condition",
        "I faint at the sight of needles",
        "my fingers go blue, it's Raynaud's",
        "I'm prone to fainting",
        # other things by the same words
        "my skin can't breathe under make-up",
        "I can't see any difference yet",
        "my face is drooping with age, would it help",
        "faint lines round my eyes",
        "can you treat my self-harm scars",
        "my GP rolled her eyes when I mentioned it",
        "what is the emergency number of the clinic",
    ],
)
def test_harmless_messages_are_no_emergency(text: str) -> None:
    assert level(text) != "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "can it cause infection?",
        "will I be red for long?",
        "do people get blisters?",
        "no rash and no blisters",
        "hello",
    ],
)
def test_plain_questions_raise_nothing(text: str) -> None:
    assert SCREEN.check(text) is None


def test_what_has_passed_is_for_today_and_not_for_the_ambulance() -> None:
    assert level("my lips swelled up after the cream this morning but they are back to normal now") == "urgent"
    assert level("I fainted after the cream but I'm fine now") == "urgent"
    assert level("is it normal to have chest pain after the cream") == "urgent"


def test_wanting_to_die_is_never_over_by_a_cheerful_word() -> None:
    assert level("I want to kill myself but I'm fine now") == "emergency"


def test_racing_heart_needs_the_cream_or_the_treatment() -> None:
    assert level("my heart is racing") is None
    assert level("my heart is racing with the numbing cream on") == "emergency"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("37.6 and my cheek is red and swollen", False),
        ("temperature of 37.9 and swollen skin", False),
        ("temperature of 38 and swollen skin", True),
        ("100.3 F and swollen skin", False),
        ("100.4 F and swollen skin", True),
        ("I am 39 and my cheek is swollen", False),
        ("temp 385 and my cheek is swollen", True),
        ("is it normal to have 38.4 on the thermometer and a cheek that is hot and swollen", True),
        ("the thermometer says thirty eight point four and my jaw is hot and swollen", True),
        ("a fever of forty and my neck is hot and swollen", True),
        ("I'm thirty nine and my cheek is hot and swollen", False),
        ("no more than thirty seven point four and a swollen cheek", False),
    ],
)
def test_fever_begins_at_38_degrees(text: str, expected: bool) -> None:
    assert (level(text) == "emergency") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it has been bleeding for 5 minutes", False),
        ("it has been bleeding for 10 minutes", True),
        ("it has been bleeding for half an hour", True),
        ("it was bleeding and 20 minutes later it was fine", False),
    ],
)
def test_long_bleeding_begins_at_ten_minutes(text: str, expected: bool) -> None:
    assert (level(text) == "emergency") is expected


def test_the_higher_level_wins() -> None:
    assert level("I have a rash after the serum and I can't breathe") == "emergency"
    assert level("should I stop my aspirin, there is pus on my cheek since the session") == "urgent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("should I stop my warfarin", "C-ME"),
        ("could this be skin cancer", "C-DX"),
        ("which needle length for a derma roller at home", "C-DI2"),
        ("I can't look in the mirror any more", "C-BD"),
    ],
)
def test_questions_for_a_clinician_are_told(text: str, expected: str) -> None:
    assert (level(text), category(text)) == ("clinician", expected)


def test_the_flag_says_which_rule_heard_what() -> None:
    text = "hello, my throat is closing"
    flag = SCREEN.check(text)
    assert flag is not None
    assert flag.by == "rule:E-AN.throat"
    assert [text[start:end] for start, end in flag.evidence] == ["throat", "closing"]


def test_a_rule_may_have_a_reply_of_its_own() -> None:
    swallowed = SCREEN.check("my son swallowed the numbing cream")
    racing = SCREEN.check("heart racing since the numbing cream")
    assert swallowed is not None
    assert racing is not None
    assert (swallowed.reply, racing.reply) == ("emergency_swallowed", "emergency_numbing")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the ambulance is here", True),
        ("false alarm, sorry", True),
        ("she's okay now", True),
        ("we are at the hospital", True),
        ("I found my inhaler, that will do", False),
        ("how much is a session", False),
        ("it's not over", False),
        ("what if the ambulance is here too late", False),
        ("I've called 999", True),
        ("i rang 111 and they're sending someone", True),
        ("at A&E now", True),
        ("on our way to a&e", True),
        ("the paramedics are with her", True),
        ("she's ok now, they gave adrenaline", True),
        ("I called but nobody answers", False),
        ("called 999 and no one is coming", False),
        ("should I have called 999?", False),
        ("the ambulance isn't here yet", False),
        ("the ambulance is here but she stopped breathing", False),
        ("I'm at the hospital car park and can't breathe", False),
        ("ok now what do I do", False),
        ("it's all over for me, I want to die", False),
    ],
)
def test_hears_that_it_is_over(text: str, expected: bool) -> None:
    assert SCREEN.says_over(text) is expected


@pytest.mark.parametrize(
    "text", ["no chest pain", "these prices are killing me", "can it make you faint?", "I feel fine"]
)
def test_says_when_a_message_excuses_itself(text: str) -> None:
    assert SCREEN.is_doubtful(text)


@pytest.mark.parametrize("text", ["something is very wrong with my mouth", "she looks awful and won't talk to me"])
def test_does_not_excuse_what_it_does_not_understand(text: str) -> None:
    assert not SCREEN.is_doubtful(text)


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_checked(text: str) -> None:
    flag = SCREEN.check(text)
    SCREEN.is_doubtful(text)
    SCREEN.says_over(text)
    assert flag is None or all(0 <= start < end <= len(text) for start, end in flag.evidence)


CORE = (
    "my throat is closing",
    "her tongue is swelling",
    "I can't breathe properly",
    "she collapsed after the treatment",
    "he is unconscious",
    "having a seizure",
    "numbing cream and my heartbeat is irregular",
    "the bleeding won't stop",
    "crushing chest pain",
    "I feel suicidal",
    "swallowed numbing cream, my toddler",
    "blurred vision in my left eye",
)


@st.composite
def with_one_slip(draw: st.DrawFn) -> str:
    """A core phrase with one slip of the finger in one of its long words."""
    words = draw(st.sampled_from(CORE)).split()
    index = draw(st.sampled_from([i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]))
    word = words[index]
    place = draw(st.integers(1, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    kind = draw(st.sampled_from(["drop", "add", "change"]))
    before, after = word[:place], word[place + (kind != "add") :]
    words[index] = before + ("" if kind == "drop" else letter) + after
    return " ".join(words)


@given(with_one_slip())
@settings(max_examples=300, deadline=None)
def test_one_slip_of_the_finger_hides_nothing(text: str) -> None:
    changed = set(text.split()) - {word for core in CORE for word in core.split()}
    # A slip that makes another English word is no longer a misspelling.
    if any(SPELLING.knows(word) for word in changed):
        return
    assert "emergency" in (level(text), level(SPELLING.correct(text).text))


def mended(text: str) -> dict[str, str]:
    """What the spell-checker makes of the words of a text."""
    corrected = SPELLING.correct(text)
    return {text[a:b].lower(): corrected.text[start:end].lower() for start, end, a, b in corrected.changes}


@pytest.mark.parametrize(
    "text",
    [
        "my greatest fear is losing my sight",
        "the thought of a swollen tongue puts me off",
        "I'd be frightened of my heart pounding",
        "nervous that the cartridge goes in my eye",
        "worried about my lips swelling if you go near them",
        "in which cases do you call an ambulance",
        "a lady on mumsnet said her throat closed",
    ],
)
def test_what_is_only_feared_or_heard_of_is_no_emergency(text: str) -> None:
    assert level(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "worried that my throat is closing",
        "scared, I can't breathe",
        "the idea was lovely but now I can't breathe",
        "I saw you on tiktok and now my throat is closing",
        "my fear came true, she's unconscious",
    ],
)
def test_a_fear_that_has_come_true_is_heard(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "when my husband was a boy he had a seizure",
        "my sister's throat swelled up after a wasp sting in 2011",
        "my late wife had chest pain before her bypass",
        "my dog collapsed this morning",
        "I fainted at eighteen and never since",
    ],
)
def test_old_stories_of_others_are_no_emergency(text: str) -> None:
    assert level(text) != "emergency"


def test_a_question_beside_the_signs_takes_nothing_from_them() -> None:
    assert level("is a fever normal? my cheek is hot and swollen") == "emergency"
    assert level("is a fever normal with a hot, swollen cheek") == "urgent"


@pytest.mark.parametrize(
    "text", ["sccared I might faint", "wlil my throat close up", "I'm nott wheezing", "yaers ago I fainted"]
)
def test_a_slip_in_what_excuses_a_danger_makes_no_emergency(text: str) -> None:
    assert SCREEN.check(text, mended(text)) is None


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "my number is 07811 222333 by the way {}",
        "saturday suits me though {}",
        "sorry to interrupt the booking but {}",
        "anna.reed@mail.example {}",
        "the 9am please (also {})",
    ],
)
def test_other_business_before_it_changes_nothing(frame: str) -> None:
    for text in ("my wife collapsed", "I feel suicidal", "her tongue is swelling"):
        assert level(frame.format(text)) == "emergency", text
    for text in ("does anyone ever collapse from it", "can the cream make you drowsy", "is fainting a common thing"):
        assert level(frame.format(text)) is None, text


def test_a_word_of_the_rules_is_never_mended_away() -> None:
    flag = SCREEN.check("doing cpr right now", {"cpr": "car"})
    assert flag is not None
    assert flag.level == "emergency"


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("I've got a blade in my hand", "he says he's got a blade in his hand"),
        ("I'm a danger to myself tonight", "my sister says she's a danger to herself tonight"),
        ("nobody would care if I died", "she said nobody would care if she died"),
    ],
)
def test_what_is_told_of_somebody_else_is_heard_as_ones_own(own: str, told: str) -> None:
    assert category(own) == category(told) == "E-SH"


@pytest.mark.parametrize(
    "text",
    [
        "I'd sooner not be here any more",
        "he keeps talking about jumping since his face was burnt",
        "she burnt her own arm on purpose because of her skin",
        "they would manage better without me",
        "my daughter wants to disappear for good",
        "been putting tablets by for weeks",
        "goodbye then, tonight is my night",
        "tired of being a person",
        "took 30 paracetamol",
        "my last try before I give up on living",
        "how many sleeping pills would it take",
    ],
)
def test_resigned_words_for_self_harm_are_heard(text: str) -> None:
    assert (level(text), category(text)) == ("emergency", "E-SH")


@pytest.mark.parametrize(
    "text",
    [
        "I can't go on wearing this much concealer",
        "we'd all be better off with fewer serums",
        "hurt myself laughing at your post",
        "I won't be here in August",
        "my skin would be better off without oil",
        "I'm leaving my job for good",
    ],
)
def test_resigned_words_about_lesser_things_are_no_emergency(text: str) -> None:
    assert level(text) != "emergency"


@pytest.mark.parametrize(
    ("harmless", "danger"),
    [
        ("I almost fainted when I heard the price", "I almost fainted when I stood up and my lips are huge"),
        ("the tent collapsed on us in the rain", "she went into the house and collapsed"),
        ("out cold by ten every night", "she's out cold by your front door"),
        ("I can't open my eyes before my coffee", "I can't open my eyes without agony"),
        ("my chest gets tight before exams, always has", "my chest gets tight when I breathe in"),
        ("he won't wake before noon on sundays", "he won't wake however hard I shake him"),
        ("I'm dying my hair on saturday", "I think I'm dying, my hair is soaked with sweat"),
        ("were my throat to swell, whom would I ring", "my throat started to swell, whom do I ring"),
        ("dad thinks I'd go blind from it", "dad thinks I've gone blind from it"),
        ("hives on my arms, breathing is fine", "hives on my arms and my breathing is odd"),
        ("on day two it bled a bit", "bleeding for two days"),
        ("it was an eye opener", "I can't keep my eyes open since the numbing cream"),
        ("eye watering prices", "my eye waters and I can't see out of it"),
        ("is very much blood normal", "is very much blood, it not stop"),
        ("can't feel my legs after the gym", "can't feel my left leg"),
        ("I slur when I'm tired", "I'm slurring and tired"),
        ("could it get so bad you can't open your eyes", "it got so bad I can't open my eyes"),
        ("why does hurting the skin on purpose make collagen", "she is hurting her skin on purpose"),
        ("ann@example.com, neither I nor my sister had seizures", "ann@example.com, my sister is having a seizure"),
        ("my friend's mum died of sepsis years ago", "my friend's mum has sepsis"),
        ("the scar is from when I fell, blood everywhere", "I fell and there's blood everywhere"),
        ("an elephant sat on my chest in my dream", "it's like an elephant sat on my chest"),
        ("I get claustrophobic and can't breathe", "I can't breathe, is it the cream"),
        ("numb on one side from the dentist", "numb on one side since I woke up"),
        ("everything looks blurry on my phone", "everything looks blurry since the filler"),
        ("seeing double the price I paid", "I'm seeing double"),
        ("out of breath running up from the bus", "running late, I can't breathe properly"),
        ("I don't clot well", "it's not clotting"),
        ("tired of living in a flat with no bath", "tired of living in this body"),
        ("don't want to be here all day", "don't want to be here any more"),
        ("I've lost hope with lasers", "I've lost hope because of my scars"),
        ("old lines from self harm decades old", "I keep thinking of self harm"),
        ("needles near the eyes", "the needle went in my eye"),
        ("save me the trip", "please save me"),
        ("stop telling me to call, I'm well", "the voices won't stop telling me to kill myself"),
        ("faded cut marks from school", "she came home from school and keeps cutting her arms"),
        ("the kettle sounds strangled", "the roof of my mouth is swelling"),
    ],
)
def test_what_sounds_alike_is_told_apart(harmless: str, danger: str) -> None:
    assert level(harmless) != "emergency"
    assert level(danger) == "emergency"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if this treatment fails I'm going to kill myself", False),
        ("yes 3pm is fine, but he seems out of it and confused", False),
        ("can the cream make me confused and drowsy", True),
        ("no swelling of my throat and I am breathing fine", True),
    ],
)
def test_a_doubt_that_no_rule_would_have_silences_nothing(text: str, expected: bool) -> None:
    assert SCREEN.is_doubtful(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Soory, is there a bus stop near",
        "a tiny scab on my nosee",
        "they wiped me, then wipedd me again",
        "yor slot or ylur time",
    ],
)
def test_a_slip_of_the_thumb_is_no_rare_danger(text: str) -> None:
    assert level(text) is None


@pytest.mark.parametrize(
    "danger", ["my throat is closign", "sombody colapsed here", "she is convulsng", "i cant brethe"]
)
def test_a_slip_of_the_thumb_hides_no_danger(danger: str) -> None:
    assert level(danger) == "emergency"


@pytest.mark.parametrize(
    "answer", ["None so far.", "Nothing to report.", "No to all of those.", "None of that, thankfully."]
)
def test_a_list_of_signs_is_denied_by_what_follows_it(answer: str) -> None:
    signs = "The nurse wanted to hear of fever, confusion and blotchy skin."
    assert level(signs) == "emergency"
    assert level(f"{signs} {answer}") is None


def test_the_breastbone_is_in_the_chest() -> None:
    assert level("there's a crushing pain right behind my breastbone") == "emergency"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("would it be unwise for a person who has had a stroke", None),
        ("would it be a risk for somebody with a stroke behind them", None),
        ("could this be a stroke, my mouth has dropped on one side", "emergency"),
    ],
)
def test_asking_for_a_judgement_tells_of_nothing(text: str, expected: str | None) -> None:
    assert level(text) == expected

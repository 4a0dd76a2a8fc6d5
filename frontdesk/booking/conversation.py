"""Talking a booking through: one turn in, replies and the next draft out.

The order is name, a way to reach the visitor, a time, and one last question that confirms all of it and asks for
consent. Whatever a message holds is taken, whichever field is open; what is no part of the booking is left to the desk.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from frontdesk.booking import changing
from frontdesk.booking.contact import put_right
from frontdesk.booking.drafts import Draft, Field, Mode, Step, slot_of
from frontdesk.booking.hearing import Heard, hear
from frontdesk.booking.offering import Calendar
from frontdesk.booking.records import Booking, Details
from frontdesk.booking.saying import Store
from frontdesk.booking.talking import Talk
from frontdesk.turn import Reply, Turn

__all__ = ["Draft", "Step", "again", "begin", "proceed", "resume", "takes"]


def begin(
    turn: Turn,
    store: Store,
    calendar: Calendar,
    now: datetime.datetime,
    about: str,
    *,
    owner: str,
    channel: str,
    mode: Mode = "book",
) -> Step:
    """Begin a booking, a move or a cancellation with all that the message already holds.

    Args:
        turn: the message that asked for it.
        store: the clinic's profile and the wording.
        calendar: the appointment book.
        now: the present, aware.
        about: what the visit is about, from the talk so far; may be empty.
        owner: sender id of the conversation.
        channel: the door the visitor came through.
        mode: what is to be done.
    """
    now = now.astimezone(store.clinic.zone)
    step: Field = "name" if mode == "book" else "reference"
    draft = Draft(
        mode, step, owner, channel, country=store.clinic.country.upper(), began=now.isoformat(), about=about.strip()
    )
    heard = hear(draft, turn, now, store.clinic, first=True)
    talk = Talk(store, calendar, now)
    if mode != "book":
        return _with_rest(changing.begin(draft, heard, talk), heard)
    if heard.several and not heard.name:
        return _with_rest(talk.ask(_with_fields(draft, heard), "one_at_a_time"), heard)
    return _with_rest(_next(_with_fields(draft, heard), talk), heard)


def proceed(draft: Draft, turn: Turn, store: Store, calendar: Calendar, now: datetime.datetime) -> Step:
    """Take what ``turn`` holds for the booking and go on.

    Args:
        draft: as the turn before left it.
        turn: the message as understood; ``takes`` has said that it is for the booking.
        store: the clinic's profile and the wording.
        calendar: the appointment book.
        now: the present, aware.
    """
    now = now.astimezone(store.clinic.zone)
    heard = hear(draft, turn, now, store.clinic)
    talk = Talk(store, calendar, now)
    if heard.stop:
        said = "stopped_to_call" if heard.rings else "stopped" if draft.mode == "book" else "kept"
        return _with_rest(talk.over(draft, said), heard)
    if heard.why and not heard.has_field:
        return talk.explain(draft, heard.why)
    if draft.mode != "book":
        return _with_rest(changing.proceed(draft, heard, talk), heard)
    return _with_rest(_proceed(draft, heard, talk), heard)


def takes(draft: Draft, turn: Turn) -> bool:
    """Whether the message is for the booking: answers, corrects, confirms or cancels; else the desk answers it.

    A message that holds both is taken; ``Step.rest`` then has its questions.
    """
    if turn.red_flag:
        return False
    return not hear(draft, turn, datetime.datetime.fromisoformat(draft.began), None).is_question


def resume(draft: Draft, store: Store, calendar: Calendar, now: datetime.datetime) -> Reply:
    """One short line that asks the open field again, after the desk has answered something else."""
    return Talk(store, calendar, now.astimezone(store.clinic.zone)).resume(draft)


def again(booking: Booking, store: Store, calendar: Calendar, now: datetime.datetime) -> Reply:
    """What was said when a visit was booked, once more."""
    return Talk(store, calendar, now.astimezone(store.clinic.zone)).sayer.standing("booked", "book", booking)


def _with_rest(step: Step, heard: Heard) -> Step:
    return replace(step, rest=heard.rest)


def _with_fields(draft: Draft, heard: Heard) -> Draft:
    """The draft with the fields that came; a wish waits until the time is open."""
    return replace(
        draft,
        name=heard.name or draft.name,
        phone=heard.phone or draft.phone,
        email=heard.email or draft.email,
        wish=heard.wish.to_data() if heard.wish is not None else draft.wish,
    )


def _next(draft: Draft, talk: Talk) -> Step:
    """Ask for the first field that is still missing."""
    draft = replace(draft, failures=0, changing=False)
    if draft.name is None:
        return talk.ask(replace(draft, step="name"), "ask_name")
    if not draft.has_contact:
        return talk.ask(replace(draft, step="contact"), "ask_contact", name=draft.name)
    if draft.slot is None:
        return _confirming(talk.find_time(replace(draft, step="time"), talk.wish_of(draft)), talk)
    return _confirming(Step((), replace(draft, step="confirm"), False), talk)


def _confirming(step: Step, talk: Talk) -> Step:
    """The last question, when the step before has led to it without a word."""
    draft = step.draft
    if step.replies or draft is None or draft.slot is None:
        return step
    return talk.ask(replace(draft, step="confirm", failures=0), _last_question(draft), **_all_of_it(draft, talk))


def _last_question(draft: Draft) -> str:
    return "confirm_about" if draft.about else "confirm"


def _all_of_it(draft: Draft, talk: Talk) -> dict[str, str]:
    assert draft.slot is not None
    moment = talk.sayer.moment(slot_of(draft.slot, talk.zone).start)
    words = {"moment": moment, "name": draft.name or "", "contact": talk.sayer.contact(draft)}
    return {**words, "about": draft.about} if draft.about else words


def _proceed(draft: Draft, heard: Heard, talk: Talk) -> Step:
    known = replace(draft, name=put_right(draft.name, heard.name) if heard.name else draft.name)
    if draft.step != "contact" or not (heard.phone or heard.email):
        known = _with_contact(known, heard, correcting=draft.has_contact)
    if draft.step == "name":
        return _name(draft, _with_wish(known, heard), heard, talk)
    if draft.step == "contact":
        return _contact(draft, _with_wish(_with_contact(known, heard, draft.changing), heard), heard, talk)
    if draft.step == "time":
        return _time(draft, known, heard, talk)
    return _confirm(draft, known, heard, talk)


def _with_contact(draft: Draft, heard: Heard, correcting: bool) -> Draft:
    if not (heard.phone or heard.email):
        return draft
    if correcting and draft.phone and draft.email:
        return replace(draft, phone=heard.phone or draft.phone, email=heard.email or draft.email)
    if correcting:
        # "No, my email is better" puts one in the place of the other.
        return replace(draft, phone=heard.phone, email=heard.email)
    return replace(draft, phone=heard.phone or draft.phone, email=heard.email or draft.email)


def _with_wish(draft: Draft, heard: Heard) -> Draft:
    """A wish that came before its turn, or one that takes the place of a time already found."""
    if heard.wish is None:
        return draft
    return replace(draft, wish=heard.wish.to_data(), slot=None)


def _name(draft: Draft, known: Draft, heard: Heard, talk: Talk) -> Step:
    if heard.name and heard.problem and not known.has_contact:
        return talk.ask(replace(known, step="contact", failures=0, changing=False), heard.problem.kind)
    if heard.name:
        return _next(known, talk)
    if heard.problem:
        return talk.again(known, heard.problem.kind, "ask_name_help")
    if heard.several:
        return talk.ask(known, "one_at_a_time")
    if heard.no and not heard.has_field and not draft.changing:
        return talk.over(draft, "stopped")
    if heard.has_field:
        # Something came, only not the name: that is no failure to understand.
        return talk.ask(replace(known, failures=0), "ask_new_name" if draft.changing else "ask_name")
    return talk.again(draft, "ask_name_again", "ask_name_help")


def _contact(draft: Draft, known: Draft, heard: Heard, talk: Talk) -> Step:
    if heard.phone or heard.email:
        return _next(known, talk)
    if heard.problem:
        return talk.again(known, heard.problem.kind, "ask_contact_help")
    refused = heard.refuses or (("email" if "phone" in draft.refused else "phone") if heard.no else None)
    if refused == "all" or (refused is not None and {*draft.refused, refused} >= {"phone", "email"}):
        return talk.over(draft, "refused_contact")
    if refused is not None:
        instead = "ask_email_instead" if refused == "phone" else "ask_phone_instead"
        # Asked for the one, the visitor may well give it up for the other: no failure either.
        return talk.ask(replace(known, refused=(*draft.refused, refused)), instead)
    if heard.name or heard.wish:
        name = "ask_new_contact" if draft.changing else "ask_contact"
        return talk.ask(known, name, **({} if draft.changing else {"name": known.name or ""}))
    return talk.again(known, "ask_contact_again", "ask_contact_help")


def _time(draft: Draft, known: Draft, heard: Heard, talk: Talk) -> Step:
    if heard.problem is not None and heard.problem.kind == "no_such_day":
        return talk.again(draft, heard.problem.kind, heard.problem.kind)
    heard = talk.among_offered(draft, heard)
    chosen = talk.chosen(draft, heard)
    if chosen is not None:
        return _confirming(talk.take(known, chosen), talk)
    wish = talk.wished(draft, heard)
    if wish is not None:
        return _confirming(talk.find_time(known, talk.completed(draft, wish)), talk)
    if heard.change in ("name", "contact") and known == draft:
        return _change(known, heard.change, talk)
    if heard.options or heard.no:
        return talk.more(known)
    if known != draft:
        return talk.ask_time_again(known)
    return talk.again_time(draft)


def _confirm(draft: Draft, known: Draft, heard: Heard, talk: Talk) -> Step:
    if heard.wish is not None and not talk.is_held(draft, heard.wish):
        free = talk.without_hold(known)
        return _confirming(talk.find_time(free, talk.moved_from(draft, heard.wish)), talk)
    if known != draft:
        return _next(known, talk)
    if heard.change == "details" or (heard.no and not heard.change and not heard.options):
        return talk.ask(replace(draft, failures=0), "what_to_change")
    if heard.change:
        return _change(draft, heard.change, talk)
    if heard.options:
        return talk.more(talk.without_hold(draft))
    if heard.yes:
        return _book(draft, talk)
    return talk.again(draft, "confirm_again", "confirm_again", **_without_about(_all_of_it(draft, talk)))


def _without_about(words: dict[str, str]) -> dict[str, str]:
    return {key: word for key, word in words.items() if key != "about"}


def _change(draft: Draft, field: str, talk: Talk) -> Step:
    if field == "name":
        return talk.ask(replace(draft, step="name", changing=True, failures=0), "ask_new_name")
    if field == "contact":
        return talk.ask(replace(draft, step="contact", changing=True, failures=0, refused=()), "ask_new_contact")
    return talk.more(talk.without_hold(draft), from_start=True)


def _book(draft: Draft, talk: Talk) -> Step:
    assert draft.slot is not None
    slot = slot_of(draft.slot, talk.zone)
    details = Details(
        name=draft.name or "",
        phone=draft.phone,
        email=draft.email,
        about=draft.about,
        channel=draft.channel,
        conversation=draft.owner,
        consent_at=talk.now,
        consent_words=talk.sayer.template(_last_question(draft)),
    )
    booking = talk.calendar.confirm(draft.owner, details)
    if booking is None:
        return talk.lost(replace(draft, wish=None), slot)
    return Step((talk.sayer.standing("booked", "book", booking),), None, True, booking=booking)

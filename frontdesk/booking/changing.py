"""Moving and cancelling a visit: its reference, the contact it was booked with, then a new time or a last word."""

from __future__ import annotations

from dataclasses import replace

from frontdesk.booking.drafts import Draft, Step, slot_data, slot_of
from frontdesk.booking.hearing import Heard
from frontdesk.booking.records import Booking
from frontdesk.booking.talking import Talk

MOST_SEARCHES = 2
"""So often a visit is looked for; the calendar has its own limit behind this."""


def begin(draft: Draft, heard: Heard, talk: Talk) -> Step:
    """Begin with what the first message holds."""
    return _next(_with_fields(draft, heard), talk)


def proceed(draft: Draft, heard: Heard, talk: Talk) -> Step:
    """Take what a message holds and go on; a wish to stop has been dealt with."""
    if heard.change == "cancel":
        return _next(_with_fields(replace(talk.without_hold(draft), mode="cancel", wish=None), heard), talk)
    if draft.step == "reference":
        return _reference(draft, heard, talk)
    if draft.step == "proof":
        return _proof(draft, heard, talk)
    if draft.step == "time":
        return _time(draft, heard, talk)
    return _confirm(draft, heard, talk)


def _with_fields(draft: Draft, heard: Heard) -> Draft:
    return replace(
        draft,
        reference=heard.reference or draft.reference,
        proof=heard.email or heard.phone or draft.proof,
        wish=heard.wish.to_data() if heard.wish is not None else draft.wish,
    )


def _next(draft: Draft, talk: Talk) -> Step:
    draft = replace(draft, failures=0)
    if draft.reference is None:
        return talk.ask(replace(draft, step="reference"), "ask_reference")
    if draft.proof is None:
        return talk.ask(replace(draft, step="proof"), "ask_proof")
    booking = _found(draft, talk)
    if booking is None:
        return _not_found(draft, talk)
    if draft.mode == "cancel":
        return _ask_to_cancel(draft, booking, talk)
    return _asking_to_move(talk.find_time(replace(draft, step="time"), talk.wish_of(draft)), talk)


def _found(draft: Draft, talk: Talk) -> Booking | None:
    booking = talk.calendar.find(draft.reference or "", draft.proof or "", draft.owner)
    return booking if booking is not None and booking.stands else None


def _not_found(draft: Draft, talk: Talk) -> Step:
    searches = draft.searches + 1
    if searches >= MOST_SEARCHES:
        return talk.over(draft, "not_found_again")
    # The contact is kept out of the next try: either may have been the wrong one.
    anew = replace(draft, step="reference", reference=None, proof=None, searches=searches)
    return talk.ask(anew, "not_found")


def _reference(draft: Draft, heard: Heard, talk: Talk) -> Step:
    if heard.reference:
        return _next(_with_fields(draft, heard), talk)
    if heard.refuses or heard.no:
        return talk.over(draft, "no_reference")
    if heard.has_field:
        return talk.ask(_with_fields(draft, heard), "ask_reference")
    return talk.again(draft, "ask_reference_again", "ask_reference_help")


def _proof(draft: Draft, heard: Heard, talk: Talk) -> Step:
    if heard.email or heard.phone or heard.reference:
        return _next(_with_fields(draft, heard), talk)
    if heard.problem:
        return talk.again(draft, heard.problem.kind, "ask_proof")
    if heard.refuses == "all" or heard.no:
        return talk.over(draft, "refused_proof")
    return talk.again(_with_fields(draft, heard), "ask_contact_again", "ask_proof")


def _time(draft: Draft, heard: Heard, talk: Talk) -> Step:
    heard = talk.among_offered(draft, heard)
    chosen = talk.chosen(draft, heard)
    if chosen is not None:
        return _asking_to_move(talk.take(draft, chosen), talk)
    wish = talk.wished(draft, heard)
    if wish is not None:
        return _asking_to_move(talk.find_time(draft, talk.completed(draft, wish)), talk)
    return talk.more(draft) if heard.options or heard.no else talk.again_time(draft)


def _asking_to_move(step: Step, talk: Talk) -> Step:
    draft = step.draft
    if step.replies or draft is None or draft.slot is None:
        return step
    moment = talk.sayer.moment(slot_of(draft.slot, talk.zone).start)
    return talk.ask(replace(draft, step="confirm", failures=0), "confirm_move", moment=moment)


def _ask_to_cancel(draft: Draft, booking: Booking, talk: Talk) -> Step:
    asking = replace(draft, step="confirm", slot=slot_data(booking.slot))
    return talk.ask(asking, "confirm_cancel", moment=talk.sayer.moment(booking.slot.start.astimezone(talk.zone)))


def _confirm(draft: Draft, heard: Heard, talk: Talk) -> Step:
    assert draft.slot is not None
    slot = slot_of(draft.slot, talk.zone)
    if draft.mode == "change" and heard.wish is not None and not talk.is_held(draft, heard.wish):
        return _asking_to_move(talk.find_time(talk.without_hold(draft), talk.moved_from(draft, heard.wish)), talk)
    if draft.mode == "change" and (heard.change or heard.options):
        return talk.more(talk.without_hold(draft))
    if draft.mode == "cancel" and heard.change == "move":
        return _next(replace(draft, mode="change", slot=None, wish=None), talk)
    if heard.no:
        return talk.over(draft, "kept")
    moment = talk.sayer.moment(slot.start)
    if not heard.yes:
        again = "confirm_move" if draft.mode == "change" else "confirm_cancel"
        return talk.again(draft, again, again, moment=moment)
    booking = _found(draft, talk)
    if booking is None:
        return talk.over(draft, "not_found_again")
    if draft.mode == "cancel":
        done = talk.calendar.cancel(booking, draft.owner)
        return Step((talk.sayer.say("visit_cancelled", "cancel", moment=moment),), None, True, booking=done)
    moved = talk.calendar.move(booking, slot, draft.owner, draft.owner)
    if moved is None:
        return talk.lost(replace(draft, wish=None), slot)
    return Step((talk.sayer.standing("moved", "change", moved),), None, True, booking=moved)

"""Moves that booking, moving and cancelling share: ask, ask again, offer times, hold one, stop."""

from __future__ import annotations

import datetime
from dataclasses import replace

from frontdesk.booking.drafts import Draft, Step, slot_data, slot_of
from frontdesk.booking.hearing import Heard
from frontdesk.booking.offering import Calendar, Offer, Offers
from frontdesk.booking.saying import Sayer, Store
from frontdesk.booking.slots import Slot
from frontdesk.booking.times import Wish
from frontdesk.turn import Reply, without_buttons

MOST_FAILURES = 2
"""So often in a row a field may stay without an answer; then a person is the better help."""

_REASONS = {
    "name": "ask_name_help",
    "contact": "ask_contact_help",
    "reference": "ask_reference_help",
    "proof": "why_proof",
}
"""What is said to who wants to know why a field is asked for."""
_WHAT_A_VISIT_NEEDS = "consultation_info"


class Talk:
    """One turn of a booking: the words, the appointment book and the present."""

    def __init__(self, store: Store, calendar: Calendar, now: datetime.datetime) -> None:
        """Take what the turn works with; ``now`` is in the clinic's zone."""
        self.sayer = Sayer(store)
        self.calendar = calendar
        self.now = now
        self.zone = store.clinic.zone
        self._offers = Offers(calendar, store.clinic, now)

    def ask(self, draft: Draft, said: str, /, **words: str) -> Step:
        """Say ``said`` and go on with ``draft``."""
        return Step((self.sayer.say(said, draft.mode, **words),), draft, False)

    def again(self, draft: Draft, first: str, second: str, /, **words: str) -> Step:
        """Ask again, the second time with an explanation and another way; after that, a person."""
        failures = draft.failures + 1
        if failures > MOST_FAILURES:
            return self.over(draft, "gave_up")
        return self.ask(replace(draft, failures=failures), first if failures == 1 else second, **words)

    def explain(self, draft: Draft, field: str) -> Step:
        """Say what ``field`` is needed for, then come back to the open one."""
        said = self.sayer.say(_REASONS[field], draft.mode)
        reason = replace(said, topics=(_WHAT_A_VISIT_NEEDS, *said.topics))
        replies = (reason,) if field == draft.step else (*without_buttons((reason,)), self.resume(draft))
        return Step(replies, draft, False)

    def over(self, draft: Draft, said: str, /, **words: str) -> Step:
        """Say ``said`` and forget the draft; what is held goes back."""
        self.calendar.release(draft.owner)
        return Step((self.sayer.say(said, draft.mode, **words),), None, True)

    def wish_of(self, draft: Draft) -> Wish | None:
        """The wish in a draft; one that cannot be read is none."""
        if draft.wish is None:
            return None
        try:
            return Wish.from_data(draft.wish, self.zone)
        except (KeyError, TypeError, ValueError):
            return None

    def completed(self, draft: Draft, wish: Wish) -> Wish:
        """A wish with what the one before it said; "3" after "friday" is friday at three."""
        earlier = self.wish_of(draft)
        return wish if earlier is None else wish.after_saying(earlier)

    def moved_from(self, draft: Draft, wish: Wish) -> Wish:
        """A wish with the time of day, or the day, of the slot that is held."""
        if draft.slot is None:
            return wish
        start = slot_of(draft.slot, self.zone).start
        midnight = datetime.datetime.combine(start.date(), datetime.time(), self.zone)
        held = Wish(
            midnight, midnight + datetime.timedelta(days=1), start, start.time(), days=(start.date(),), names_day=True
        )
        moved = wish.after_saying(held)
        taken_over = moved.at is not None and wish.at is None
        if taken_over and not (moved.exact and self._offers.slot_at(moved.exact)):
            # The time of day was ours, not the visitor's: without it there may be something on that day.
            return wish
        return moved

    def is_held(self, draft: Draft, wish: Wish) -> bool:
        """Whether a wish is only what is held already ("yes, thursday is right")."""
        if draft.slot is None:
            return False
        start = slot_of(draft.slot, self.zone).start
        return wish.allows(start) and wish.at in (None, start.time()) and not wish.not_part

    def without_hold(self, draft: Draft) -> Draft:
        """The draft with its time given back."""
        self.calendar.release(draft.owner)
        return replace(draft, slot=None, step="time", failures=0)

    def find_time(self, draft: Draft, wish: Wish | None) -> Step:
        """Hold the time that is wished for, or offer others; a step without replies means that it is held."""
        draft = replace(draft, wish=wish.to_data() if wish is not None else None)
        found = self._offers.any_time() if wish is None else self._offers.for_wish(wish)
        return self._offer(draft, found) if isinstance(found, Offer) else self.take(draft, found)

    def take(self, draft: Draft, slot: Slot) -> Step:
        """Hold a slot, or say that it is gone."""
        if not self._offers.hold(slot, draft.owner):
            return self._offer(draft, self._offers.instead_of(slot.start))
        return Step((), replace(draft, slot=slot_data(slot), offered=(), offered_days=(), failures=0), False)

    def lost(self, draft: Draft, slot: Slot) -> Step:
        """Somebody else was faster: the next times."""
        offer = self._offers.instead_of(slot.start)
        free = self.without_hold(draft)
        return self._offer(free, replace(offer, reason="lost") if offer.slots else offer)

    def more(self, draft: Draft, from_start: bool = False) -> Step:
        """Other times than those offered: later ones, or from the beginning again."""
        last = max((slot_of(slot, self.zone).start.date() for slot in draft.offered), default=None)
        days = [datetime.date.fromisoformat(day) for day in draft.offered_days]
        last = max([*days, *([last] if last else [])], default=None)
        after = None
        if last is not None and not from_start:
            after = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time(), self.zone)
        return self._offer(replace(draft, wish=None, failures=0), self._offers.any_time(after))

    def among_offered(self, draft: Draft, heard: Heard) -> Heard:
        """What was heard, with a bare weekday as that of the days offered, which need not be this week's."""
        wish = heard.wish
        days = [datetime.date.fromisoformat(day) for day in draft.offered_days]
        days = days or [slot_of(slot, self.zone).start.date() for slot in draft.offered]
        day = next((each for each in days if each.weekday() == heard.weekday), None)
        if wish is None or day is None or day in wish.days:
            return heard
        return replace(heard, wish=wish.on(day))

    def chosen(self, draft: Draft, heard: Heard) -> Slot | None:
        """The offered slot that the visitor picks, by its number or by what tells it from the others."""
        offered = [slot_of(slot, self.zone) for slot in draft.offered]
        wish = heard.wish
        if offered and heard.choice is not None and -1 <= heard.choice < len(offered):
            return offered[heard.choice]
        if wish is not None:
            fitting = [each for each in offered if wish.allows(each.start) and wish.at in (None, each.start.time())]
            tells = wish.at is not None or (wish.names_day and not (wish.after or wish.before)) or wish.asap
            is_one = len(fitting) == 1 or (wish.asap and not wish.names_day and fitting)
            return fitting[0] if tells and is_one and fitting else None
        return offered[0] if heard.yes and len(offered) == 1 else None

    def wished(self, draft: Draft, heard: Heard) -> Wish | None:
        """The wish in a message; "the second one" is a day, where days were offered."""
        days = draft.offered_days
        if heard.choice is None or draft.offered or not -1 <= heard.choice < len(days):
            return heard.wish
        day = datetime.date.fromisoformat(days[heard.choice])
        midnight = datetime.datetime.combine(day, datetime.time(), self.zone)
        next_day = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), self.zone)
        return Wish(midnight, next_day, days=(day,), names_day=True)

    def again_time(self, draft: Draft) -> Step:
        """A time that was not understood."""
        failures = draft.failures + 1
        if failures > MOST_FAILURES:
            return self.over(draft, "gave_up")
        return self.ask_time_again(replace(draft, failures=failures))

    def ask_time_again(self, draft: Draft) -> Step:
        """Name the offered times once more."""
        names = ("resume_time", "ask_time_again", "ask_time_help")
        return Step((self._say_offered(draft, names[min(draft.failures, 2)]),), draft, False)

    def resume(self, draft: Draft) -> Reply:
        """The line that leads back to the open field."""
        if draft.step == "time":
            return self._say_offered(draft, "resume_time")
        words = {}
        if draft.step == "confirm" and draft.slot is not None:
            words["moment"] = self.sayer.moment(slot_of(draft.slot, self.zone).start)
            name = {"book": "resume_confirm", "change": "confirm_move", "cancel": "confirm_cancel"}[draft.mode]
            return self.sayer.say(name, draft.mode, **words)
        return self.sayer.say(f"resume_{draft.step}", draft.mode)

    def _say_offered(self, draft: Draft, name: str) -> Reply:
        slots = [slot_of(slot, self.zone) for slot in draft.offered]
        days = [datetime.date.fromisoformat(day) for day in draft.offered_days]
        choices = (self._offers.on_days(days, self.wish_of(draft)) if days else ()) or tuple(slots)
        if slots:
            buttons, options = self.sayer.slot_buttons(slots), self._options(slots)
        else:
            buttons, options = self.sayer.day_buttons(days), [self.sayer.day(day) for day in days]
        return self.sayer.offer(name, draft.mode, buttons, options, choices)

    def _options(self, slots: list[Slot]) -> list[str]:
        return [self.sayer.moment(slot.start) for slot in slots]

    def _offer(self, draft: Draft, offer: Offer) -> Step:
        if offer.reason == "full":
            return self.over(draft, "full")
        slots, days = list(offer.slots), list(offer.days)
        words: dict[str, str] = {}
        if offer.reason == "ask_time":
            words["day"] = self.sayer.day(slots[0].start.date())
        if offer.moment is not None:
            words["moment"] = self.sayer.moment(offer.moment)
        if offer.reason == "ask_time":
            options = self.sayer.options(slots)
        else:
            options = self._options(slots) or [self.sayer.day(day) for day in days]
        buttons = self.sayer.slot_buttons(slots) if slots else self.sayer.day_buttons(days)
        offered = replace(
            draft,
            step="time",
            slot=None,
            offered=tuple(slot_data(slot) for slot in slots),
            offered_days=tuple(day.isoformat() for day in days),
        )
        said = self.sayer.offer(offer.reason, draft.mode, buttons, options, offer.choices or slots, **words)
        return Step((said,), offered, False)

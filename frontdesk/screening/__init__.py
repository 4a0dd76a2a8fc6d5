"""The red-flag screen: hears danger in a message by phrase rules, each of which a clinician can read and sign off."""

from frontdesk.screening.screen import RANKS, RedFlag, Screen

__all__ = ["RANKS", "RedFlag", "Screen"]

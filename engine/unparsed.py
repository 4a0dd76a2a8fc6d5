"""What becomes of a message on which a component of the pipeline fails: its words are still searched for danger.

The red-flag screen is the pipeline's last component. Were one before it to fail, a visitor who cannot breathe would get
the apology. So the rules, which need nothing but the words, are asked then, and what they hear takes the way it always
takes; where they hear nothing, the turn fails as before.
"""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT

from engine.changes import Change
from frontdesk.facts.red_flags import load_red_flags
from frontdesk.screening import RedFlag, Screen
from frontdesk.settings import Settings

logger = logging.getLogger(__name__)

_parse = MessageProcessor._parse_message_with_graph
_loading = threading.Lock()


@lru_cache(maxsize=1)
def _screen() -> Screen:
    return Screen(load_red_flags(Settings.from_environment().facts_dir))


def _danger_in(text: str) -> RedFlag | None:
    try:
        with _loading:
            screen = _screen()
        flag = screen.check(text)
    except Exception as error:
        logger.error("The words of a message cannot be searched for danger either: %s", type(error).__name__)
        return None
    return flag if flag is not None and flag.intent is not None else None


def parse(
    self: MessageProcessor,
    message: UserMessage,
    tracker: DialogueStateTracker,
    only_output_properties: bool = True,
) -> dict[str, Any]:
    """From words to questions, or at least to a danger.

    Raises:
        Exception: what the component raised, where no danger is heard.
    """
    try:
        parsed: dict[str, Any] = _parse(self, message, tracker, only_output_properties)
        return parsed
    except Exception as error:
        text = message.text if isinstance(message.text, str) else ""
        flag = _danger_in(text)
        if flag is None:
            raise
        logger.error("A message that tells of danger could not be parsed: %s", type(error).__name__)
    intent = {"name": flag.intent, "confidence": 1.0}
    return {
        TEXT: text,
        INTENT: intent,
        INTENT_RANKING_KEY: [intent],
        ENTITIES: [],
        "red_flag": flag.as_output(),
    }


CHANGES = (Change("rasa.core.processor", "MessageProcessor._parse_message_with_graph", "0bd50a53b5c013af", parse),)

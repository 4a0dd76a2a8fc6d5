"""Messages that the danger score learns from beside the intents' examples: `data/danger/*.yml`, a list for each label.

A label is a category of `facts/red_flags.yml` (``E-…`` an emergency, ``D-…`` one for the same day) or says in which way
a message is harmless (denied, past, figure, …). They are no intent examples: what a harmless one asks for is not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from frontdesk.facts.red_flags import RedFlags


@dataclass(frozen=True)
class DangerExample:
    """A message.

    Attributes:
        text: as somebody would write it.
        label: see above.
    """

    text: str
    label: str


def load_danger_examples(folder: Path) -> list[DangerExample]:
    """The messages of all files in ``folder``, in a fixed order.

    Raises:
        ValueError: A file holds something else than lists of texts.
    """
    examples = []
    for path in sorted(folder.glob("*.yml")):
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise ValueError(f"{path.name} is no YAML: {error}") from error
        if not isinstance(content, dict):
            raise ValueError(f"{path.name} is no mapping of labels to messages.")
        for label, texts in content.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
                raise ValueError(f"{path.name}: {label} is no list of messages.")
            examples += [DangerExample(text, str(label)) for text in texts]
    return examples


def emergencies_and_others(red_flags: RedFlags, folder: Path | None) -> tuple[list[DangerExample], list[str]]:
    """Emergencies, each with its category, and messages that are none: the facts' own examples and those in ``folder``.

    Raises:
        ValueError: see `load_danger_examples`.
    """
    categories = [each for each in red_flags.categories if each.level == "emergency"]
    told = load_danger_examples(folder) if folder else []
    ids = {category.id for category in categories}
    emergencies = [DangerExample(text, category.id) for category in categories for text in category.examples]
    others = [text for category in categories for text in category.harmless]
    return (
        emergencies + [each for each in told if each.label in ids],
        others + [each.text for each in told if each.label not in ids],
    )

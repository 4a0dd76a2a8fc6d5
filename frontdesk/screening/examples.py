"""Whether the screen hears what its content says it must: each category's own examples."""

from __future__ import annotations

from collections.abc import Iterator

from frontdesk.facts.reading import Defect
from frontdesk.facts.red_flags import RED_FLAGS, RedFlags
from frontdesk.screening.screen import Screen


def example_defects(red_flags: RedFlags) -> Iterator[Defect]:
    """Examples that are not heard as their category, and harmless ones that are taken for an emergency."""
    screen = Screen(red_flags)
    for category in red_flags.categories:
        for text in category.examples:
            flag = screen.check(text)
            if flag is None or flag.category != category.id:
                yield Defect(RED_FLAGS, category.id, f"not heard: {text!r}, but {flag.by if flag else 'nothing'}")
        for text in category.harmless:
            flag = screen.check(text)
            if flag is not None and flag.level == "emergency":
                yield Defect(RED_FLAGS, category.id, f"taken for an emergency by {flag.by}: {text!r}")

from __future__ import annotations

import pytest

from nlu.afterthought import afterthought_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yes 3pm is fine, but my throat is closing", "my throat is closing"),
        ("07700 900123 btw he has collapsed", "he has collapsed"),
        ("book me in. oh and I feel faint", None),
        ("the 9th then, he has collapsed", "he has collapsed"),
        ("the 9th then, thanks", None),
        ("my throat is closing", None),
    ],
)
def test_what_is_said_after_other_business_is_heard_by_itself(text: str, said: str | None) -> None:
    assert afterthought_of(text) == said

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain

from engine.domain_once import is_empty


@pytest.mark.parametrize(
    ("domain", "empty"), [(Domain.empty(), True), (Domain.from_dict({"intents": ["greet"]}), False)]
)
def test_an_empty_domain_is_told_from_one_that_is_not(domain: Domain, empty: bool) -> None:
    assert [is_empty(domain), is_empty(domain)] == [empty, empty]


def test_it_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    domain = Domain.from_dict({"intents": ["greet"]})
    assert not is_empty(domain)
    monkeypatch.setattr(Domain, "as_dict", lambda self: pytest.fail("looked at again"))
    assert not is_empty(domain)

from __future__ import annotations

import json
import re

from prometheus_client.exposition import generate_latest

from engine import desk_figures, metrics
from frontdesk.settings import REPOSITORY

DASHBOARD = json.loads((REPOSITORY / "deploy" / "grafana" / "frontdesk.json").read_text(encoding="utf-8"))


def test_every_figure_on_the_dashboard_is_one_that_the_servers_give() -> None:
    assert desk_figures.registry is metrics.registry
    given = set(re.findall(r"^# TYPE (\S+)", generate_latest(metrics.registry).decode(), flags=re.MULTILINE))
    asked = {
        name.removesuffix("_bucket").removesuffix("_sum")
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
        for name in re.findall(r"(?:frontdesk|process)_\w+", target["expr"])
    }
    assert len(asked) > 10
    assert asked <= given


def test_panels_stand_beside_each_other() -> None:
    cells = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24

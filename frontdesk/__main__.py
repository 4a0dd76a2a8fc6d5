"""`python -m frontdesk` is the same as the command `frontdesk`."""

from __future__ import annotations

from frontdesk.cli import app

app()

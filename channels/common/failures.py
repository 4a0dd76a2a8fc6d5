"""What a log says of a failure: an id, the kind of error and the place, and nothing that a visitor wrote."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path

logger = logging.getLogger(__name__)


def log_failure(what: str, error: BaseException | None) -> str:
    """Logs a failure under a fresh error id, without anything a visitor wrote.

    The error's own message is left out on purpose: libraries quote the input in it.

    Args:
        what: the part that failed, in a few words.
        error: what was raised; None when nothing was raised and the result was simply missing.

    Returns:
        The error id, eight hexadecimal digits.
    """
    error_id = secrets.token_hex(4)
    if error is None:
        logger.error("%s (error id %s)", what, error_id)
    else:
        frames = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
        logger.error("%s (error id %s): %s at %s", what, error_id, type(error).__name__, where)
    return error_id

"""Ends with 0 when a server on this machine answers with 200: `python -m deploy.healthy <port> <path>`.

Images have no curl; the answer is needed every ten seconds, so nothing heavy is imported.
"""

from __future__ import annotations

import sys

from deploy.ports import status

if __name__ == "__main__":
    sys.exit(0 if status(int(sys.argv[1]), sys.argv[2]) == 200 else 1)

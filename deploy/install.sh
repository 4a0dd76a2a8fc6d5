#!/usr/bin/env bash
# Installs everything into .venv, exactly as requirements.lock says. Does nothing when that is done already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "$1" >&2
    exit 1
}

checksum() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# The folder belongs to it because an environment does not survive being moved.
wanted=$({ pwd; cat requirements.lock; [ ! -f pyproject.toml ] || cat pyproject.toml; } | checksum)
stamp=.venv/installed
if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(<"$stamp")" = "$wanted" ]; then
    exit 0
fi

. deploy/tools.sh
python=$(find_python) ||
    fail "Python 3.10 is needed and was not found: install it, for example with 'pyenv install 3.10', and try again."
uv=$(find_uv "$python") ||
    fail "uv could not be installed: install it (https://docs.astral.sh/uv) or pip for Python 3.10, and try again."

echo "Installing into .venv; the first time this downloads about a gigabyte."
started=$SECONDS
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
    rm -rf .venv
    "$uv" venv --quiet --python "$python" .venv
fi
rm -f "$stamp"
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
if [ -f pyproject.toml ]; then
    # What builds it is in the lock, so this needs no network.
    "$uv" pip install --quiet --offline --python .venv/bin/python --no-deps --no-build-isolation --editable .
fi
echo "$wanted" >"$stamp"
echo "Installed in $((SECONDS - started)) s."

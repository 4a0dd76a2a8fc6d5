#!/usr/bin/env bash
# Compiles requirements.lock; versions stay as they are where they can. Arguments go to uv, such as --upgrade.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

. deploy/tools.sh
python=$(find_python)
uv=$(find_uv "$python")
"$uv" pip compile requirements.in --override requirements-overrides.txt --python "$python" --quiet \
    --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
    --output-file requirements.lock "$@"

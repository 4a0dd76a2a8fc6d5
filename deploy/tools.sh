# Finds the tools that installing needs. Sourced, from the repository's root, by install.sh and lock.sh.

# An interpreter is never downloaded behind anybody's back.
export UV_PYTHON_DOWNLOADS=never

# Prints the path of a Python 3.10, or fails.
find_python() {
    local candidate
    for candidate in python3.10 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python3.10; do
        # The base interpreter: not a pyenv shim, and not an activated .venv, which may be about to be replaced.
        "$candidate" 2>/dev/null -c '
import os, sys
if sys.version_info[:2] != (3, 10): sys.exit(1)
base = os.path.join(sys.base_prefix, "bin", "python3.10")
print(base if os.path.exists(base) else sys.executable)' && return
    done
    works uv && uv python find 3.10 2>/dev/null
}

# Whether a command runs at all: pyenv puts shims on the PATH for programs that this folder's Python does not have.
works() {
    "$1" --version >/dev/null 2>&1
}

# Prints the path of a working uv, installing the one pinned in deploy/uv.txt when there is none, or fails.
# $1: a Python to install it with.
find_uv() {
    local folder python version
    if works uv; then
        command -v uv
        return
    fi
    version=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' deploy/uv.txt)
    folder="var/tools/uv-$version"
    if ! works "$folder/bin/uv"; then
        rm -rf "$folder"
        # uv is a program of its own, so any Python's pip will do; some systems ship 3.10 without pip but with venv.
        for python in "$1" python3 python; do
            "$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
                --target "$folder" --requirement deploy/uv.txt >/dev/null 2>&1 && break
        done
        if ! works "$folder/bin/uv" && rm -rf "$folder" && "$1" -m venv "$folder" >/dev/null 2>&1; then
            "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
                --requirement deploy/uv.txt >&2 || true
        fi
    fi
    works "$folder/bin/uv" && echo "$PWD/$folder/bin/uv"
}

#!/bin/sh
# Makes .venv from any Python >= 3.11 and installs the named requirements; does nothing if that was done before.
set -eu
cd "$(dirname "$0")/.."

usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if usable "$name"; then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11 or newer with venv is missing. On Debian: apt-get install python3 python3-venv" >&2
    return 1
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    echo "environment: making .venv with $($python --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

for file in "$@"; do
    stamp=.venv/.installed-$(basename "$file")
    wanted=$(cat requirements.txt "$file" | cksum)
    if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
        echo "environment: installing $file"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --use-pep517 --requirement "$file"
        echo "$wanted" > "$stamp"
    fi
done

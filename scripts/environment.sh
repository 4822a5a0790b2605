# Sourced by the other scripts: finds a Python, and keeps a virtual environment with the pinned dependencies.
# shellcheck shell=bash

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Prints the first Python that is new enough; $PYTHON, if set, is the only candidate.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed, and ${PYTHON:-python3} is not: install it, or set PYTHON to where it is."
}

# prepare_environment FOLDER LOCKFILE: makes FOLDER a virtual environment with what LOCKFILE pins. Does nothing, and needs
# no network, when that has been done before.
prepare_environment() {
    local folder=$1 lock=$2 python made=no log
    if cmp -s "$lock" "$folder/installed.txt" && "$folder/bin/python" -c '' 2>/dev/null; then
        return
    fi
    python=$(find_python) || exit 1
    log=$(mktemp)
    if ! "$folder/bin/python" -c '' 2>/dev/null; then
        made=yes
        # Gone again if this ends early, so that the next run does not meet half an environment.
        trap 'rm -rf "$folder"' EXIT
        rm -rf "$folder"
        "$python" -m venv "$folder" >"$log" 2>&1 ||
            fail "Can't make a virtual environment in $folder: $(tail -n 1 "$log") (Debian and Ubuntu: apt install python3-venv)"
    fi
    echo "Installing the pinned dependencies (once)…"
    rm -f "$folder/installed.txt"
    if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$lock" \
        >"$log" 2>&1; then
        fail "The dependencies could not be installed; the first run needs a network connection to a Python package" \
            "index (pip said: $(grep -i '^error' "$log" | tail -n 1))."
    fi
    cp "$lock" "$folder/installed.txt"
    rm -f "$log"
    if [ "$made" = yes ]; then
        trap - EXIT
    fi
}

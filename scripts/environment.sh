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

# is_prepared FOLDER LOCKFILE: whether FOLDER is a virtual environment with what LOCKFILE pins, and this checkout's packages.
is_prepared() {
    installed_from "$2" | cmp -s - "$1/installed.txt" && "$1/bin/python" -c '' 2>/dev/null
}

installed_from() {
    cat "$1" "$checkout"/{site,dashboard,e2e}/pyproject.toml
    echo "$checkout"
}

# prepare_environment FOLDER LOCKFILE: makes FOLDER a virtual environment with what LOCKFILE pins, and with the packages of
# this checkout, in place. Does nothing, and needs no network, when that has been done before.
prepare_environment() {
    local folder=$1 lock=$2 python made=no log
    if is_prepared "$folder" "$lock"; then
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
    # Without isolation: what builds them is among the pinned dependencies.
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
        --editable "$checkout/site" --editable "$checkout/dashboard" --editable "$checkout/e2e" >"$log" 2>&1 ||
        fail "The packages of this checkout could not be installed (pip said: $(grep -i '^error' "$log" | tail -n 1))."
    installed_from "$lock" >"$folder/installed.txt"
    rm -f "$log"
    if [ "$made" = yes ]; then
        trap - EXIT
    fi
}

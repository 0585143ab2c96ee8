# Sourced by the other scripts: creates .venv with exactly what a lock file lists.

# Nothing is compiled ahead here, so Python must be free to keep what it compiles: otherwise every
# process would compile all that it imports, which takes two seconds each time.
unset PYTHONDONTWRITEBYTECODE

find_python() {
    for name in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
        [ -n "$name" ] || continue
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
        then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11, 3.12 or 3.13 is needed. Install one, or name it: PYTHON=/path/to/python $0" >&2
    exit 1
}

# make_environment LOCK: install what LOCK lists, checked by hash, and the program itself.
make_environment() {
    stamp=".venv/installed-$1-$(cat "$1" setup.cfg pyproject.toml | cksum | tr ' ' -)"
    [ -e "$stamp" ] && return
    python=$(find_python)
    echo "Creating the environment in .venv (this takes a minute the first time)." >&2
    if [ ! -x .venv/bin/python ] && ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "Python's venv module is missing. Install it (Debian: apt-get install python3-venv)." >&2
        exit 1
    fi
    # A few packages come as source. Setuptools, also from the lock, builds them and the program.
    # The lock is complete, so pip must not resolve anything: it would look for the newest release
    # of "package[extra]" beside the pinned "package", and fail if it found one.
    awk '/^[^ ]/ { wanted = /^setuptools==/ } wanted' "$1" > .venv/setuptools.lock
    # Python compiles what is imported; compiling all of it here would take a third of the time.
    install() { .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile "$@"; }
    install --no-deps --require-hashes -r .venv/setuptools.lock
    install --no-deps --require-hashes --no-build-isolation -r "$1"
    .venv/bin/python -m pip --disable-pip-version-check check >&2
    install --no-deps --no-build-isolation --editable .
    rm -f ".venv/installed-$1"-*
    touch "$stamp"
}

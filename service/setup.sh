#!/bin/sh
# Makes the two environments: sh service/setup.sh APP_REQUIREMENTS ENGINE_REQUIREMENTS
# Does nothing, and quickly, when they are there and fit.
set -eu
cd "$(dirname "$0")/.."

# A Python is found by running it: a name on the path may be a shim that starts nothing.
find_python() { # WANTED_VERSION NAMES...
    wanted=$1; shift
    for name in "$@"; do
        if [ "$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$wanted" ]; then
            command -v "$name"; return 0
        fi
    done
    return 1
}

app_python() {
    for version in 3.11 3.12 3.13; do
        find_python $version "python$version" python3 && return 0
    done
    with_uv 3.11
}

engine_python() { find_python 3.10 python3.10 python3 || with_uv 3.10; }

# Without a Python of this version, uv may bring one.
with_uv() {
    if command -v uv >/dev/null 2>&1; then
        echo "installing Python $1 with uv" >&2
        uv python install --quiet --install-dir .python "$1" >&2 && ls -d "$PWD"/.python/*"$1"*/bin/python"$1" | head -n 1 && return 0
    fi
    echo "Python $1 is missing: install it (package python$1, pyenv, or uv), then try again." >&2
    return 1
}

install() { # FOLDER REQUIREMENTS FIND_PYTHON
    stamp=$1/.installed-$2
    if [ -f "$stamp" ] && cmp -s "requirements/$2" "$stamp"; then return 0; fi
    # What testing needs contains what running needs.
    case $2 in *-test.txt) ;; *) other=${2%.txt}-test.txt
        if [ -f "$1/.installed-$other" ] && cmp -s "requirements/$other" "$1/.installed-$other"; then return 0; fi ;;
    esac
    began=$(date +%s)
    if ! "$1/bin/python" -c '' 2>/dev/null; then
        python=$($3)
        echo "making $1 with $python"
        rm -rf "$1"
        "$python" -m venv "$1"
    fi
    echo "installing requirements/$2 into $1 (the engine's is large: about two minutes)"
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "requirements/$2" 2>"$1/install.log" \
        || { cat "$1/install.log" >&2; echo "the installation of requirements/$2 failed" >&2; return 1; }
    cp "requirements/$2" "$stamp"
    echo "installed in $(($(date +%s) - began)) s"
}

install .venv-engine "$2" engine_python
install .venv "$1" app_python

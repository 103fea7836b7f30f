#!/bin/sh
# Every test in the right Python. REQUIRE_ALL=1 turns "absent" into failures. With arguments: only those, of the app.
set -eu
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then
    .venv/bin/python -m training train --if-needed
    exec .venv/bin/python -m pytest "$@"
fi
logs=$(mktemp -d)
trap 'rm -rf "$logs"; kill $(jobs -p) 2>/dev/null || :' EXIT

# Runs "$2..." in the background; what it says is kept under the name $1 until `ends $1`.
begins() { name=$1; shift; { "$@" >"$logs/$name" 2>&1 && echo 0 >"$logs/$name.code" || echo 1 >"$logs/$name.code"; } & }
ends() { while [ ! -e "$logs/$1.code" ]; do sleep 1; done; cat "$logs/$1"; return "$(cat "$logs/$1.code")"; }

echo "== the assistant for this content is trained meanwhile (some minutes)"
begins training .venv/bin/python -m training train --if-needed
echo "== the engine's room (Python 3.10)"
PYTHONPATH=$PWD RASA_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore \
    .venv-engine/bin/python -m pytest tests/engine -q --rootdir tests/engine --confcutdir tests/engine -p no:cacheprovider
echo "== the rooms of the app, each by itself (Python 3.11 or newer)"
.venv/bin/python -m pytest tests/content tests/actions tests/casework tests/service tests/training tests/worker \
    tests/test_imports.py tests/test_docs.py tests/channels tests/desk
echo "== the assistant"
ends training
echo "== the whole house, started for real: on SQLite and, beside it, on PostgreSQL with Redis"
begins large .venv/bin/python -m pytest tests/house -k postgresql -p no:cacheprovider
failed=0
.venv/bin/python -m pytest tests/house -k "not postgresql" || failed=1
ends large || failed=1
exit $failed

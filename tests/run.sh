#!/bin/sh
# Every test in the right Python: the engine's first, the app's last. REQUIRE_ALL=1 turns "absent" into failures.
set -eu
cd "$(dirname "$0")/.."
echo "== the engine's room (Python 3.10)"
PYTHONPATH=$PWD RASA_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore \
    .venv-engine/bin/python -m pytest tests/engine -q --rootdir tests/engine --confcutdir tests/engine -p no:cacheprovider
echo "== the assistant for this content"
.venv/bin/python -m training train --if-needed
echo "== the app (Python 3.11 or newer)"
.venv/bin/python -m pytest "$@"

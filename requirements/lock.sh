#!/bin/sh
# Pins requirements/*.in into *.txt, with hashes and without addresses. Needs uv.
set -eu
cd "$(dirname "$0")"
pin() { uv pip compile --universal --generate-hashes --no-annotate --no-header --quiet "$@"; }
# The engine's pins hold for CPython on x86-64 and ARM Linux and on Apple silicon: other machines have no TensorFlow 2.12.
engine() { (cd engine-platforms && pin --python-version 3.10 "$@"); }
engine ../engine.in -o ../engine.txt
engine ../engine-test.in -c ../engine.txt -o ../engine-test.txt
pin --python-version 3.11 app.in -o app.txt
pin --python-version 3.11 app-test.in -c app.txt -o app-test.txt

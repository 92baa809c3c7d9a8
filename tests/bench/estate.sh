#!/bin/sh
# Problems planted into two synthetic estates: issues and proposals against the truth, with every miss; then the clean estates.
set -eu
for estate in "first --seed 1" "second --seed 77"; do
    python3 tests/server/estate/run.py --estate $estate
    python3 tests/server/estate/run.py --estate $estate --clean
done

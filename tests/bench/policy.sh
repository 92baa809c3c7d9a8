#!/bin/sh
# Policies: CPU of a record under ten and ten thousand. One line a figure: name, unit, ours, floor or peer, ratio.
set -eu
exec "${BUILD:-build}/tests/bench/policy"

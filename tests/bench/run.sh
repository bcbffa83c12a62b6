#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs the benchmarks and prints docs/PERFORMANCE.md's tables: tests/bench/run.sh [ROUNDS] [NAME...]
# Needs root (each run has a network namespace of its own), nft and ip. Takes some minutes.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-15}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- rules element interfaces network
build=$here/build/bench
[ -d "$build" ] || meson setup "$build" "$here" --buildtype=release >/dev/null
for name in "$@"; do
	ninja -C "$build" "tests/bench/bench_$name" >/dev/null
done
echo "Kernel $(uname -r), $(nproc) cores, $(nft --version), $(date -u +%F)."
for name in "$@"; do
	"$build/tests/bench/bench_$name" "$rounds"
done

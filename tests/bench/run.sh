#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs the benchmarks and prints docs/PERFORMANCE.md's tables: tests/bench/run.sh [ROUNDS] [NAME...]
# Needs root (each run has a network namespace of its own), nft and ip. Takes some minutes.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-15}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- rules element interfaces network languages optimize
build=$here/build/bench
[ -d "$build" ] || meson setup "$build" "$here" --buildtype=release >/dev/null
for name in "$@"; do
	[ "$name" != languages ] || name=calls
	target=tests/bench/bench_$name
	[ "$name" != optimize ] || target=examples/fwctl
	ninja -C "$build" "$target" >/dev/null
done
case " $* " in
*" languages "*)
	ninja -C "$build" python-package >/dev/null
	export PYTHONPATH="$build/bindings/python" FWCORE_LIBRARY="$build/lib/libfwcore.so.0"
	python=python3
	"$python" -c 'import cffi' 2>/dev/null || python=/usr/bin/python3
	;;
esac
echo "Kernel $(uname -r), $(nproc) cores, $(nft --version), $(date -u +%F)."
for name in "$@"; do
	case $name in
	languages) python3 "$here/tests/bench/languages.py" "$rounds" C "$build/tests/bench/bench_calls" Python "$python $here/tests/bench/calls.py" ;;
	optimize) python3 "$here/tests/bench/optimize.py" "$build" "$rounds" ;;
	*) "$build/tests/bench/bench_$name" "$rounds" ;;
	esac
done

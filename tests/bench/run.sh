#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs the benchmarks and prints docs/PERFORMANCE.md's tables: tests/bench/run.sh [ROUNDS] [NAME...]
# Needs root (each run has a network namespace of its own), nft and ip. Takes some minutes.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-15}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- rules element elements interfaces network languages optimize
build=$here/build/bench
[ -d "$build" ] || meson setup "$build" "$here" --buildtype=release >/dev/null
for name in "$@"; do
	[ "$name" != languages ] || name=calls
	target=tests/bench/bench_$name
	[ "$name" != optimize ] || target=examples/fwctl
	ninja -C "$build" "$target" >/dev/null
done

# What prints its language's figures, for languages.py; a language that is not installed is left out.
languages()
{
	set -- C "$build/tests/bench/bench_calls"
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import cffi' 2>/dev/null || continue
		ninja -C "$build" python-package >/dev/null
		export PYTHONPATH="$build/bindings/python" FWCORE_LIBRARY="$build/lib/libfwcore.so.0"
		set -- "$@" Python "$python $here/tests/bench/calls.py"
		break
	done
	if command -v go >/dev/null; then
		(cd "$here/bindings/go" && PKG_CONFIG_PATH="$build/meson-uninstalled" GOCACHE="$build/go-cache" GOFLAGS=-buildvcs=false \
			go build -o "$build/bench_calls_go" ./internal/calls)
		export LD_LIBRARY_PATH="$build/lib"
		set -- "$@" Go "$build/bench_calls_go"
	fi
	python3 "$here/tests/bench/languages.py" "$rounds" "$@"
}

echo "Kernel $(uname -r), $(nproc) cores, $(nft --version), $(date -u +%F)."
for name in "$@"; do
	case $name in
	optimize) python3 "$here/tests/bench/optimize.py" "$build" "$rounds" ;;
	languages) languages ;;
	*) "$build/tests/bench/bench_$name" "$rounds" ;;
	esac
done

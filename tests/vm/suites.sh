#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: tests/vm/suites.sh SERIES KERNELS BUILD PROGRAM...
# Runs test programs of a build folder (kernel_apply, packets_nat ...) on Debian's cloud kernel of a series; KERNELS is the
# folder where unpacked kernels are kept. What each program says comes in one piece, between a line `== NAME` and a
# line `== exit STATUS`, which is what tests/totals.py reads.
# Exit status as tests/vm/run.sh; 77: not possible here, the last line says why.
set -u

# ---------------------------------------------------------------- in the virtual machine, one program

if [ "$1" = --one ]; then
	log=$(mktemp)
	"$2" >"$log" 2>&1
	echo "== exit $?" >>"$log"
	sed "1i == ${2##*/}" "$log"
	rm -f "$log"
	exit
fi

# ---------------------------------------------------------------- outside

here=$(cd "$(dirname "$0")" && pwd)
series=$1 kernels=$2 build=$(cd "$3" && pwd)
shift 3
kernel=$("$here/kernel.sh" "$series" "$kernels") || {
	echo "$kernel"
	exit 77
}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
trap 'kill $machine 2>/dev/null; wait $machine; exit 130' INT TERM HUP
for program; do
	echo "$build/tests/${program%%_*}/$program"
done >"$list"
# Some programs wait much: two at once.
"$here/run.sh" -t "${FWC_TEST_KERNEL_SECONDS:-1800}" -i "$list" -i "$(cat "$list")" -i "$here" -i "$here/../data" -i "$here/../../docs" \
	-i "$build/examples" "$kernel" "
		modprobe br_netfilter # nothing loads it by itself
		export CK_TIMEOUT_MULTIPLIER=10 FWC_TEST_ROUNDS=${FWC_TEST_ROUNDS:-2}
		xargs -P 2 -n 1 '$here/suites.sh' --one <'$list'" &
machine=$!
wait "$machine"

#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds and runs every test, and installs what that needs. As root it runs everything, and much of it again as a user
# without privilege, who is root of a user namespace only (tests/rootless.sh); without root, what an
# unprivileged user namespace allows. Nothing outside namespaces of its own is changed.
# The last line is `N passed, N failed, N skipped`; the exit status is 0 when nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/packages.sh

# A heading, with the minutes and seconds since the beginning.
began=$(date +%s)
say()
{
	now=$(($(date +%s) - began))
	printf '== %d:%02d %s\n' $((now / 60)) $((now % 60)) "$*"
}

install_packages build-essential meson ninja-build pkg-config python3 libmnl-dev libjansson-dev check
if [ -n "$missing" ]; then
	tell_missing
	echo "Nothing can be built without them."
	exit 1
fi
# A python3 that is a script looks for its python each time, which costs more than what it then runs.
python=$(python3 -c 'import sys; print(sys.executable)') && PATH=${python%/*}:$PATH

# The other packages come while the first build runs.
packages="clang valgrind nftables iproute2 iputils-ping iptables procps doxygen man-db mandoc golang-go
	python3-cffi python3-pytest bash git debhelper dh-python lintian"
[ "${FWC_TEST_KERNELS:-some}" = none ] || packages="$packages qemu-system-x86 busybox-static cpio kmod"
# For the 32-bit build; by itself, because nothing else needs it.
if [ "$(uname -m)" = x86_64 ]; then
	install_packages gcc-multilib
	[ -n "$missing" ] || runs_i386 || packages="$packages qemu-user"
fi

jobs=$(nproc 2>/dev/null || echo 2)
build=$PWD/build
# A clone that belongs to somebody else, or was built by root before.
if ! mkdir -p "$build" 2>/dev/null || [ ! -w "$build" ] || [ -n "$(find "$build" -maxdepth 1 -name 'run-*' ! -user "$(id -u)")" ]; then
	build=$(mktemp -d)
	trap 'rm -rf "$build"' EXIT
fi
results=$build/run-results
: >"$results" || exit 1

one()
{
	python3 tests/totals.py one "$results" "$@"
}

{
	install_packages $packages
	[ -z "$missing" ] || {
		tell_missing
		echo "Going on without: what needs them is skipped, and listed at the end."
	}
} >"$build/run-packages.log" 2>&1 &
packages_job=$!

# set_up NAME COMPILER MESON_OPTION...: builds into $build/run-NAME, all or what $targets says. Returns false when that
# failed, and counted it.
targets=
set_up()
{
	name=$1 compiler=$2
	shift 2
	say "build with $name"
	# shellcheck disable=SC2086 # words
	if { [ -f "$build/run-$name/build.ninja" ] ||
		CC=$compiler meson setup "$build/run-$name" . "$@" >"$build/run-$name.log" 2>&1; } &&
		ninja -C "$build/run-$name" -j "$jobs" $targets >"$build/run-$name.log" 2>&1; then
		one build "$name" passed
		return 0
	fi
	grep -E 'error|warning|ERROR|FAILED' "$build/run-$name.log" | head -20
	echo "The whole log: $build/run-$name.log"
	one build "$name" failed "see $build/run-$name.log"
	return 1
}

# run NAME SUITES LABEL MESON_TEST_OPTION...: suites of one build, counted under the label; %s in it is the suite.
run()
{
	name=$1 suites=$2 label=$3
	shift 3
	logs=$build/run-$name/meson-logs
	say "$(printf '%s' "$label" | sed "s/%s/$suites/")"
	processes=$jobs
	case $suites in kernel* | packets) processes=$((jobs * 2)) ;; esac # they wait for the kernel, and for one another
	rm -f "$logs"/testlog*.json
	meson test -C "$build/run-$name" --no-rebuild --num-processes "$processes" $(printf -- '--suite %s ' $suites) "$@" \
		>"$build/run-test.log" 2>&1
	if log=$(ls "$logs"/testlog*.json 2>/dev/null); then # its name has the wrapper's
		python3 tests/totals.py add "$results" "$label" "$log"
	else
		cat "$build/run-test.log"
		one "$label" "$suites" failed "no test ran"
	fi
}

# The kernel and packets suites on Debian's other kernels, in virtual machines. These run beside all that follows: they
# take a processor each for some minutes. FWC_TEST_KERNELS: none, some (what fits into the time, the default), all.
kernel_series="6.1 6.12"
# programs_of SERIES. Of `some` the oldest kernel runs what differs most between kernels, the other what needs what many
# kernels are built without.
programs_of()
{
	case ${FWC_TEST_KERNELS:-some}-$1 in
	all-*) (cd "$build/run-gcc/tests" && find kernel packets -maxdepth 1 -type f -name '*_*' -perm -u+x ! -name '*dump' -printf '%f\n') ;;
	*-6.1) echo kernel_families packets_nat ;;
	*) echo kernel_links kernel_watch ;;
	esac
}

machines=
start_machines()
{
	[ "${FWC_TEST_KERNELS:-some}" != none ] || return 0
	say "Linux $kernel_series, in the background"
	for series in $kernel_series; do
		nice tests/vm/suites.sh "$series" "$build/kernels" "$build/run-gcc" $(programs_of "$series") >"$build/run-linux-$series.log" 2>&1 &
		machines="${machines:+$machines }$!"
	done
	trap 'kill $machines 2>/dev/null; exit 130' INT TERM HUP
}

# Waits for them and counts what they ran.
end_machines()
{
	for series in $kernel_series; do
		[ -n "$machines" ] || break
		say "Linux $series"
		log=$build/run-linux-$series.log
		wait "${machines%% *}"
		status=$?
		machines=${machines#* }
		for suite in kernel packets; do
			label="$suite, Linux $series"
			if [ "$status" = 77 ]; then
				one "$label" "$suite" skipped "$(tail -1 "$log")"
			else
				python3 tests/totals.py programs "$results" "$label" "$log" $(printf '%s\n' $(programs_of "$series") | grep "^${suite}_")
			fi
		done
		case $status in 124 | 125) tail -40 "$log" ;; esac
	done
}

# ThreadSanitizer wants its memory where it expects it; newer kernels may have put a library there.
threads_built=no
targets=tests/kernel/kernel_threads
if set_up tsan gcc -Doptimization=0 -Ddebug=false -Db_sanitize=thread -Db_lundef=false; then
	threads_built=yes
fi
targets=
wait "$packages_job"
cat "$build/run-packages.log"
# What comes over the network comes meanwhile.
i386=$build/run-i386-root
tests/i386.sh "$i386" >"$build/run-i386-root.log" 2>&1 &
i386_job=$!

if set_up gcc gcc --werror; then
	start_machines
	run gcc unit unit
	# In one run: what waits for the kernel leaves its time to the scripts that compile and pack. What takes long and is run
	# with the sanitizers is not run here, too.
	run gcc "kernel packets abi bindings docs fuzz install interop" %s --no-suite once
	# Root of a user namespace and of nothing else. Without root all of the above ran as that; so does the staged load always.
	if [ "$(id -u)" = 0 ]; then
		if reason=$(tests/rootless.sh --check); then
			run gcc kernel "kernel, rootless" --wrapper "'$PWD/tests/rootless.sh'" apply bad_input batch capabilities \
				forwarding links load open watch
			run gcc packets "packets, rootless" --wrapper "'$PWD/tests/rootless.sh'"
		else
			one "kernel, rootless" kernel skipped "$reason"
			one "packets, rootless" packets skipped "$reason"
		fi
	fi
	if ! command -v valgrind >/dev/null; then
		one "unit, valgrind" unit skipped "valgrind is not installed"
	else
		# In one process a program: valgrind looks for leaks once, not after every test.
		CK_FORK=no FWC_TEST_ROUNDS=1 run gcc unit "unit, valgrind" --timeout-multiplier 10 --wrapper \
			'valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite'
	fi
fi
# The other compiler, with the sanitizers.
compiler=clang
command -v clang >/dev/null || { compiler=gcc; one build clang skipped "clang is not installed"; }
if set_up sanitizers $compiler --werror -Doptimization=0 -Db_sanitize=address,undefined -Db_lundef=false; then
	export FWC_TEST_ROUNDS=4 # of the property test: enough to meet every path
	export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
	# In one process a program: with all that ASan maps a fork costs more than what most of them do.
	CK_FORK=no run sanitizers unit "unit, sanitizers"
	run sanitizers kernel "kernel, sanitizers" --no-suite again
	run sanitizers "sweep fuzz" "sweep, fuzz, sanitizers"
fi
if [ "$threads_built" = yes ]; then
	fixed='setarch -R'
	setarch -R true 2>/dev/null || fixed=env
	run tsan threads "threads, sanitizer" --wrapper "$fixed"
fi
# 32-bit programs; in one process each, because a fork is slow in qemu.
wait "$i386_job"
case $? in
0)
	targets=unit_tests
	if set_up i386 gcc --cross-file "$i386/i386.ini" --werror -Doptimization=0 -Ddebug=false; then
		CK_FORK=no FWC_TEST_ROUNDS=1 run i386 unit "unit, i386" --timeout-multiplier 4
	fi
	targets=
	;;
77) one build i386 skipped "$(tail -1 "$build/run-i386-root.log")" ;;
*)
	cat "$build/run-i386-root.log"
	one build i386 failed "see $build/run-i386-root.log"
	;;
esac
# FWC_TEST_FUZZ=SECONDS: new inputs too, that long for each target. The corpora are replayed above in any case.
if [ -n "${FWC_TEST_FUZZ:-}" ] &&
	set_up fuzz clang -Dfuzz=true -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false; then
	for corpus in tests/fuzz/corpus/*; do
		target=${corpus##*/}
		found=$build/run-fuzz/found-$target
		mkdir -p "$found"
		if "$build/run-fuzz/tests/fuzz/fuzz_$target" -max_total_time="$FWC_TEST_FUZZ" -artifact_prefix="$found/" \
			"$found" "$corpus" >"$build/run-fuzz-$target.log" 2>&1; then
			one "fuzz, new inputs" "$target" passed
		else
			tail -40 "$build/run-fuzz-$target.log"
			one "fuzz, new inputs" "$target" failed "see $build/run-fuzz-$target.log"
		fi
	done
fi
say quickstart
examples/quickstart.sh >"$build/run-quickstart.log" 2>&1
case $? in
0) one quickstart quickstart passed ;;
77) one quickstart quickstart skipped "$(tail -1 "$build/run-quickstart.log")" ;;
*)
	cat "$build/run-quickstart.log"
	one quickstart quickstart failed "see $build/run-quickstart.log"
	;;
esac
end_machines
python3 tests/totals.py show "$results"

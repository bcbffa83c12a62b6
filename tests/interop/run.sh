#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# nftables' and iptables' own tests: run.sh BUILD [quick]. `quick` takes a part of them. Reports in TAP; the totals are above. By hand,
# with FILTERs and --details: lines.py and rulesets.py, within `unshare -n`.
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
build=$(cd "$1" && pwd) || exit 1
every=1
[ "${2:-}" != quick ] || every=12
. "$root/tests/tap.sh"
. "$root/tests/interop/source.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder" "$tap_log"' EXIT

# As root of a namespace, or of a user namespace.
alone=-n
[ "$(id -u)" = 0 ] || alone=-Urn

# runner NAME SCRIPT PROGRAM KNOWN [ARGUMENT ...]
runner()
{
	name=$1 script=$2 program=$3 known=$4
	shift 4
	unshare "$alone" python3 "$root/tests/interop/$script" "$source" "$program" "$root/tests/interop/$known" --every "$every" "$@" \
		>"$folder/out" 2>&1
	status=$?
	sed 's/^/# /' "$folder/out"
	if [ "$status" = 77 ]; then
		tap_skip "$name" "$(tail -1 "$folder/out")"
	else
		tap "$name" test "$status" = 0
	fi
}

if ! reason=$(unshare "$alone" true 2>&1); then
	tap_skip rules_of_nftables_tests "no namespace: $reason"
elif ! python3 -c 'import ctypes; ctypes.CDLL("libnftables.so.1")' 2>"$folder/out"; then
	tap_skip rules_of_nftables_tests "libnftables is not there"
elif ! find_nftables "$folder"; then
	tap_skip rules_of_nftables_tests "$why_not"
else
	source=$nftables
	runner rules_of_nftables_tests lines.py "$build/tests/interop/rule_lines" known-lines.txt
	runner rulesets_of_nftables_tests rulesets.py "$build/examples/fwctl" known-rulesets.txt --json
fi
if ! unshare "$alone" true 2>/dev/null || ! command -v iptables-nft >/dev/null; then
	tap_skip rules_of_iptables_tests "no namespace, or iptables-nft is not there"
elif ! find_iptables "$folder"; then
	tap_skip rules_of_iptables_tests "$why_not"
else
	source=$iptables
	runner rules_of_iptables_tests xt_lines.py "$build/tests/interop/xt_rules" known-xt.txt --fwctl "$build/examples/fwctl"
	runner commands_of_iptables_tests xt_commands.py "$build/examples/fwctl" known-commands.txt
fi
tap_end

# SPDX-License-Identifier: LGPL-2.1-or-later
# For tests written in sh: TAP as tests/check.c writes it. Source it, call these, end with tap_end.
tap_number=0 tap_failed=0 tap_skipped=0
tap_log=$(mktemp)
trap 'rm -f "$tap_log"' EXIT

# tap NAME COMMAND...: the command's success is the test's; its output is shown when it fails.
tap()
{
	tap_name=$1
	shift
	tap_number=$((tap_number + 1))
	if "$@" >"$tap_log" 2>&1; then
		echo "ok $tap_number - $tap_name"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_number - $tap_name"
		sed 's/^/# /' "$tap_log" | head -40
	fi
}

# tap_skip NAME REASON
tap_skip()
{
	if [ -n "${FWC_TEST_REQUIRE:-}" ]; then
		tap "$1" sh -c "echo 'needed here (FWC_TEST_REQUIRE=$FWC_TEST_REQUIRE): $2'; false"
		return
	fi
	tap_number=$((tap_number + 1)) tap_skipped=$((tap_skipped + 1))
	echo "ok $tap_number - $1 # SKIP $2"
}

tap_end()
{
	echo "1..$tap_number"
	[ "$tap_failed" = 0 ] && [ "$tap_number" != 0 ] || exit 1
	[ "$tap_skipped" != "$tap_number" ] || exit 77
	exit 0
}

#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: tests/each-commit.sh [RANGE]
# Builds every commit of a range (main..HEAD) by itself, without warnings, and runs its unit tests. Each is checked out in a
# work tree of its own that goes again; yours is not touched. The build is kept from commit to commit, so that only what
# changed is compiled. Exit status 1 when one of them fails.
set -u
range=${1:-main..HEAD}
root=$(git rev-parse --show-toplevel) || exit 2
commits=$(git -C "$root" rev-list --reverse --no-merges "$range") || exit 2
[ -n "$commits" ] || {
	echo "no commits in $range"
	exit 2
}
jobs=${JOBS:-$(nproc 2>/dev/null || echo 2)}

work=$(mktemp -d) || exit 2
clean_up()
{
	git -C "$root" worktree remove --force "$work/tree" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# Everything is compiled; the unit tests are what runs anywhere and in seconds.
check()
{
	git -C "$work/tree" checkout -q --detach "$1" || return 1
	if [ ! -d "$work/build" ]; then
		meson setup --werror -Doptimization=0 "$work/build" "$work/tree" || return 1
	fi
	ninja -C "$work/build" -j "$jobs" && meson test -C "$work/build" --no-rebuild --num-processes "$jobs" --suite unit
}

git -C "$root" worktree add -q --detach "$work/tree" "${range##*..}" || exit 2
passed=0 failed=0
for commit in $commits; do
	if check "$commit" >"$work/log" 2>&1; then
		passed=$((passed + 1)) word=ok
	else
		failed=$((failed + 1)) word='not ok'
	fi
	echo "$word - $(git -C "$root" log -1 --format='%h %s' "$commit")"
	[ "$word" = ok ] || grep -E 'error|warning|FAILED|FAIL |ERROR' "$work/log" | head -10 | sed 's/^/# /'
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs a command of this tree as a user without any privilege: rootless.sh PROGRAM [ARGUMENT...]. For root only.
# `rootless.sh --check` says on stdout what is missing for that, and exits with 77 when something is.
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
nobody=65534

as_nobody()
{
	setpriv --reuid "$nobody" --regid "$nobody" --clear-groups "$@"
}

# The first folder above the tree that others may not enter; nothing when there is none.
closed_folder()
{
	folder='' rest=${root#/}
	while [ "$rest" != "${rest#*/}" ]; do
		folder=$folder/${rest%%/*} rest=${rest#*/}
		as_nobody test -x "$folder" || { echo "$folder"; return; }
	done
}

# In a mount namespace of its own: the tree at the same path, with nothing else in the folder that hides it.
open_folder()
{
	tree=$(mktemp -d) &&
		mount --bind "$root" "$tree" &&
		mount -t tmpfs -o mode=755 none "$1" &&
		mkdir -p "$root" &&
		mount --move "$tree" "$root" &&
		rmdir "$tree" &&
		cd "$root"
}

case $1 in
--check)
	for program in setpriv unshare; do
		command -v "$program" >/dev/null || { echo "$program is not installed"; exit 77; }
	done
	as_nobody true 2>/dev/null || { echo "this root may not become another user"; exit 77; }
	as_nobody unshare -Urn true 2>/dev/null || { echo "no user namespaces for users without privilege"; exit 77; }
	"$0" "$root/tests/rootless.sh" --readable 2>/dev/null || { echo "others may not read $root"; exit 77; }
	exit 0
	;;
--readable)
	exit 0
	;;
--in-mount-namespace)
	folder=$2
	shift 2
	open_folder "$folder" || exit 1
	;;
*)
	folder=$(closed_folder)
	[ -z "$folder" ] || exec unshare -m "$0" --in-mount-namespace "$folder" "$@"
	;;
esac
exec setpriv --reuid "$nobody" --regid "$nobody" --clear-groups "$@"

#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# page.sh PAGE: does what a page of the documentation says, in a network of its own. LIBRARY, FWCTL and PKG_CONFIG_PATH
# say what was built. Exit 77: namespaces are not allowed here.
if [ "$1" != --inside ]; then
	user=
	[ "$(id -u)" = 0 ] || user=-Ur
	if ! unshare $user --net --mount --pid --fork true 2>/dev/null; then
		echo "1..0 # SKIP no namespaces here"
		exit 77
	fi
	exec unshare $user --net --mount --pid --fork --kill-child --mount-proc sh "$0" --inside "$1"
fi
PATH=$(dirname "$FWCTL"):$PATH:/usr/sbin:/sbin
LD_LIBRARY_PATH=$(dirname "$LIBRARY")
export PATH LD_LIBRARY_PATH
mount -t tmpfs tmpfs /run && ip link set lo up && exec python3 "$(dirname "$0")/run_page.py" "$2"

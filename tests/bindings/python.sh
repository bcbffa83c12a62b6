#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# python.sh BUILD PATH...: runs tests of the Python package with pytest, in namespaces of their own. TAP comes out.
here=$(dirname "$0")
build=$1
shift
. "$here/../tap.sh"

# The first python3 in PATH may be somebody's own, beside the system's that has Debian's packages.
for python in python3 /usr/bin/python3; do
	"$python" -c 'import cffi, pytest' 2>/dev/null && break
	python=
done
if [ -z "$python" ]; then
	tap_skip python "no python3 that has cffi and pytest (Debian: python3-cffi python3-pytest)"
	tap_end
fi
if [ ! -e "$build/bindings/python/fwcore/_declarations.py" ]; then
	tap_skip python "the package was not built: python3-cffi was missing when the build was set up"
	tap_end
fi
# Network and mounts: /run is empty in there, for `ip netns` and its /run/netns.
if [ "$(id -u)" = 0 ] && unshare -nm true 2>/dev/null; then
	enter="unshare -nm"
elif unshare -Urnm true 2>/dev/null; then
	enter="unshare -Urnm"
else
	tap_skip python "no namespaces may be made here"
	tap_end
fi
rm -f "$tap_log"
export FWCORE_LIBRARY="$build/lib/libfwcore.so.0" FWC_TEST_BUILD="$build"
export PYTHONPATH="$build/bindings/python" PYTHONDONTWRITEBYTECODE=1 PYTHONFAULTHANDLER=1
exec $enter sh -c 'mount -t tmpfs none /run && ip link set lo up && exec "$@"' sh "$python" "$here/tap.py" "$@"

#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# symbols.sh SOURCE SHARED STATIC: what the headers promise, the map lists and the libraries hold is one list.
source=$1 shared=$2 static=$3
. "$source/tests/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$tap_log"' EXIT

echo '#include <fwcore/fwcore.h>' | cc -E -P -DFWC_API=PUBLIC -I"$source/include" - | tr '\n' ' ' | tr ';' '\n' |
	sed -n 's/.*PUBLIC[^(]*[ *]\(fwc_[a-z0-9_]*\)(.*/\1/p' | sort >"$work/headers"
sed -n 's/^[[:space:]]*\([a-z0-9_]*\);$/\1/p' "$source/lib/libfwcore.map" | sort >"$work/map"
nm -D --defined-only "$shared" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/symbols"

same()
{
	[ -s "$1" ] && diff "$1" "$2"
}

only_ours()
{
	! nm -g --defined-only "$static" | awk 'NF == 3 { print $3 }' | grep -v '^fwc_'
}

needed()
{
	readelf -d "$shared" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >"$work/needed"
	grep -q libmnl "$work/needed" && ! grep -vE '^(libc|libmnl|libjansson)\.so\.[0-9]+$' "$work/needed"
}

soname()
{
	readelf -d "$shared" | grep -F 'Library soname: [libfwcore.so.0]'
}

tap headers_and_map_list_the_same_functions same "$work/headers" "$work/map"
tap map_and_shared_library_list_the_same_functions same "$work/map" "$work/symbols"
tap static_library_defines_no_name_of_others only_ours
tap only_libc_libmnl_and_libjansson_are_needed needed
tap soname_is_libfwcore_so_0 soname
tap_end

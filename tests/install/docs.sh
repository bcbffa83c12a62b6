#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs.sh SOURCE: what is generated from the comments of the public headers says all and has no mistakes.
source=$1
. "$source/tests/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$tap_log"' EXIT

functions()
{
	sed -n 's/^[[:space:]]*\([a-z0-9_]*\);$/\1/p' "$source/lib/libfwcore.map"
}

# Warnings are errors: docs/Doxyfile.
reference()
{
	(cd "$source" && FWC_VERSION=0 FWC_OUTPUT=$work doxygen docs/Doxyfile 2>&1) >"$work/doxygen"
	doxygen_exit=$?
	cat "$work/doxygen"
	[ $doxygen_exit = 0 ] && [ ! -s "$work/doxygen" ]
}

every_function_in_the_reference()
{
	sed -n 's,.*<name>\(fwc_[a-z0-9_]*\)</name>.*,\1,p' "$work/libfwcore.tag" >"$work/documented"
	! functions | grep -vxF -f "$work/documented"
}

if command -v doxygen >/dev/null; then
	tap reference_is_generated_without_a_warning reference
	tap every_function_is_in_the_reference every_function_in_the_reference
else
	tap_skip reference_is_generated_without_a_warning "doxygen is not installed"
	tap_skip every_function_is_in_the_reference "doxygen is not installed"
fi
tap_end

#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs.sh SOURCE BUILD: what is generated from the comments of the public headers says all and has no mistakes, and what
# fwctl(1) says is what fwctl says.
source=$1 build=$2
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

pages=$build/docs
page_has()
{
	read -r link <"$pages/$1.3" && [ "${link#.so man3/}" != "$link" ] && grep -qF ".SS $1()" "$pages/${link#.so man3/}"
}

every_function_in_a_page()
{
	for function in $(functions); do
		page_has "$function" || { echo "$function" && return 1; }
	done
}

lint()
{
	mandoc -T lint "$pages"/fwctl.1 "$pages"/libfwcore.7 "$pages"/fwcore_*.3
}

# As lintian looks at them.
groff()
{
	for page in "$pages"/fwctl.1 "$pages"/libfwcore.7 "$pages"/fwcore_*.3; do
		LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null
	done >"$work/groff"
	! grep . "$work/groff"
}

# As apropos reads their NAME.
names()
{
	for page in "$pages"/fwctl.1 "$pages"/libfwcore.7 "$pages"/fwcore_*.3; do
		name=${page##*/}
		lexgrog "$page" | grep -F "\"${name%.*} - " || { echo "$page" && return 1; }
	done
}

# By the name of a function, and by a word of what a page is about.
man_finds()
{
	for section in 1 3 7; do
		mkdir -p "$work/man/man$section" && cp "$pages"/*.$section "$work/man/man$section" || return
	done
	mandb -c -q -u "$work/man"
	MANPATH=$work/man man -w fwc_kernel_apply && MANPATH=$work/man man fwc_kernel_apply | grep -F 'fwcore/kernel.h' &&
		MANPATH=$work/man apropos forwarding | grep -F fwcore_forwarding &&
		MANPATH=$work/man whatis fwc_set_add | grep -F 'sets, maps'
}

# Everything that fwctl says about itself.
"$build/examples/fwctl" --help >"$work/help"
"$build/examples/fwctl" network --help >"$work/network"
commands=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$work/help")
networks=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' "$work/network")
{
	cat "$work/help"
	for command in $commands; do
		"$build/examples/fwctl" "$command" --help
	done
	for command in $networks; do
		"$build/examples/fwctl" network "$command" --help
	done
} >"$work/all"

options()
{
	grep -oE -e '--[a-z]+(-[a-z]+)*' | sort -u
}

fwctl_options()
{
	options <"$work/all" >"$work/options"
	sed 's/\\-/-/g' "$pages/fwctl.1" | options >"$work/options_of_page"
	[ -s "$work/options" ] && diff "$work/options" "$work/options_of_page"
}

fwctl_commands()
{
	for command in $commands; do
		grep -xF ".SS $command" "$pages/fwctl.1" || return
	done
	for command in $networks; do
		grep -E "^\.B[RI] \"?$command " "$pages/fwctl.1" || return
	done
	[ "$(grep -c '^\.SS' "$pages/fwctl.1")" = "$(echo "$commands" | wc -w)" ] && [ -n "$networks" ]
}

tap every_function_is_in_a_manual_page every_function_in_a_page
tap manual_of_fwctl_has_its_options_and_no_others fwctl_options
tap manual_of_fwctl_has_its_commands fwctl_commands
if command -v mandoc >/dev/null; then
	tap manual_pages_have_no_mistakes_for_mandoc lint
else
	tap_skip manual_pages_have_no_mistakes_for_mandoc "mandoc is not installed"
fi
if command -v man >/dev/null && command -v mandb >/dev/null; then
	tap manual_pages_have_no_mistakes_for_groff groff
	tap name_of_each_page_is_what_apropos_reads names
	tap man_finds_a_function_and_apropos_a_subject man_finds
else
	tap_skip manual_pages_have_no_mistakes_for_groff "man-db is not installed"
	tap_skip name_of_each_page_is_what_apropos_reads "man-db is not installed"
	tap_skip man_finds_a_function_and_apropos_a_subject "man-db is not installed"
fi
tap_end

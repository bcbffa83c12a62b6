#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# outside.sh SOURCE BUILD: install, then compile and run a program that knows pkg-config and nothing else.
source=$1 build=$2
. "$source/tests/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$tap_log"' EXIT

install_there()
{
	DESTDIR=$work/root meson install -C "$build" --no-rebuild
	pc=$(find "$work/root" -name libfwcore.pc)
	[ -n "$pc" ]
}

# Everything that pkg-config says about the installed copy. -L and -I of the copy only, no source tree.
flags()
{
	PKG_CONFIG_SYSROOT_DIR=$work/root PKG_CONFIG_PATH=${pc%/*} pkg-config "$@" libfwcore | sed "s,-[IL]$work/root$work/root,&,g"
}

lib_dir()
{
	dirname "$(find "$work/root" -name libfwcore.so.0)"
}

# compile NAME CC FLAGS...: only the installed headers are in reach.
compile()
{
	out=$1
	shift
	"$@" -o "$work/$out"
}

shared_program()
{
	# shellcheck disable=SC2046
	compile shared cc -std=c99 -Wall -Werror $(flags --cflags) "$source/tests/abi/outside.c" $(flags --libs) &&
		LD_LIBRARY_PATH=$(lib_dir) "$work/shared"
}

static_program()
{
	# The dependencies stay shared: their static versions are not everywhere.
	# shellcheck disable=SC2046
	compile static cc -std=c99 -Wall -Werror $(flags --cflags) "$source/tests/abi/outside.c" \
		"$(lib_dir)/libfwcore.a" $(PKG_CONFIG_PATH=${pc%/*} pkg-config --libs --static libfwcore | sed 's/-lfwcore//') &&
		"$work/static" && ! readelf -d "$work/static" | grep -F libfwcore
}

cxx_program()
{
	# shellcheck disable=SC2046
	compile cxx g++ -x c++ -std=c++11 -Wall -Werror $(flags --cflags) "$source/tests/abi/outside.c" $(flags --libs) &&
		LD_LIBRARY_PATH=$(lib_dir) "$work/cxx"
}

only_ours_installed()
{
	find "$work/root" -type f -o -type l | sed "s,$work/root,," | grep -vE '/fwcore/[a-z]+\.h$|/libfwcore\.(a|so|so\.0|so\.0\.1\.0|pc)$' >"$work/rest"
	! grep . "$work/rest"
}

tap library_installs_with_its_pkg_config_file install_there
tap only_headers_libraries_and_pc_are_installed only_ours_installed
tap outside_program_links_the_shared_library shared_program
tap outside_program_links_the_static_library static_program
tap outside_program_is_cxx_too cxx_program
tap_end

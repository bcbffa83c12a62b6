#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# install.sh SOURCE BUILD: install into a directory, and use from there what was installed, as somebody else would:
# projects that know pkg-config or dependency('libfwcore') and nothing else.
source=$1 build=$2
. "$source/tests/tap.sh"
work=$(mktemp -d)
root=$work/root
log=$build/meson-logs/install-log.txt

# The log belongs to the last installation that somebody made: `ninja uninstall` reads it.
clean_up()
{
	rm -f "$log"
	[ ! -e "$work/install-log.txt" ] || cp "$work/install-log.txt" "$log"
	rm -rf "$work" "$tap_log"
}
[ ! -e "$log" ] || cp "$log" "$work/install-log.txt"
trap clean_up EXIT

installs()
{
	DESTDIR=$root meson install -C "$build" --no-rebuild
	pc=$(find "$root" -name libfwcore.pc)
	[ -n "$pc" ] || return
	lib=$(dirname "${pc%/*}")
	# An installed copy in a directory of its own, found through pkg-config alone.
	export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_PATH="${pc%/*}"
	export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
}

# The files there, without the prefix and Debian's folder of an architecture.
installed()
{
	find "$root" ! -type d | sed "s,^$root,,; s,^/usr,,; s,^/local,,; s,^/lib\(64\|/[^/]*-linux-gnu[^/]*\)/,/lib/," | sort
}

wanted()
{
	for header in "$source"/include/fwcore/*.h; do
		echo "/include/fwcore/${header##*/}"
	done
	for page in fwctl.1 libfwcore.7 $(cd "$source/include/fwcore" && ls | sed -n '/fwcore\.h/!s/\(.*\)\.h/fwcore_\1.3/p') \
		$(sed -n 's/^[[:space:]]*\(fwc_[a-z0-9_]*\);$/\1.3/p' "$source/lib/libfwcore.map"); do
		echo "/share/man/man${page##*.}/$page"
	done
	cat <<-END
		/bin/fwctl
		/lib/libfwcore.a
		/share/bash-completion/completions/fwctl
		/lib/libfwcore.so
		/lib/libfwcore.so.0
		/lib/libfwcore.so.0.1.0
		/lib/pkgconfig/libfwcore.pc
	END
}

everything_and_nothing_else()
{
	wanted | sort >"$work/wanted"
	installed >"$work/installed"
	diff "$work/wanted" "$work/installed"
}

links()
{
	[ "$(readlink "$lib/libfwcore.so")" = libfwcore.so.0 ] && [ "$(readlink "$lib/libfwcore.so.0")" = libfwcore.so.0.1.0 ]
}

# No path of the machine that it was built on: neither as a run path, nor in pkg-config's file.
no_paths()
{
	for file in "$lib/libfwcore.so.0.1.0" "$(find "$root" -path "*/bin/fwctl")"; do
		! readelf -d "$file" | grep -E 'RPATH|RUNPATH' || return
	done
	! grep -F -e "$source" -e "$build" "$pc"
}

run_fwctl()
{
	LD_LIBRARY_PATH=$lib "$(find "$root" -path "*/bin/fwctl")" --version | grep -F "libfwcore $(pkg-config --modversion libfwcore)"
}

# in_namespace COMMAND...: with the kernel of a network namespace that ends with it.
in_namespace()
{
	if unshare -n true 2>/dev/null; then
		unshare -n "$@"
	else
		unshare -Urn "$@"
	fi
}

# applies PROGRAM: what it prints is what nft sees.
applies()
{
	in_namespace sh -c '"$1" >"$2/printed" && nft list ruleset >"$2/listed"' - "$1" "$work" &&
		grep -F 'tcp dport 22 accept' "$work/listed" && diff "$work/listed" "$work/printed"
}

# built_in PROGRAM: the library is in the program. Its dependencies stay shared: Debian has no libmnl.a.
built_in()
{
	! readelf -d "$1" | grep -F libfwcore && applies "$1"
}

# copy_outside NAME: the project of somebody else's, out of reach of this one.
copy_outside()
{
	mkdir "$work/$1" && cp "$source"/tests/install/outside/* "$work/$1"
}

make_project()
{
	copy_outside make && make -C "$work/make" &&
		LD_LIBRARY_PATH=$lib "$work/make/languages" && LD_LIBRARY_PATH=$lib applies "$work/make/apply"
}

# Without the shared library in the way, as where only the static one is installed.
static_make_project()
{
	copy_outside static && mkdir "$work/shared" && mv "$lib"/libfwcore.so* "$work/shared"
	make -C "$work/static" STATIC=--static && built_in "$work/static/apply"
	static_made=$?
	mv "$work"/shared/libfwcore.so* "$lib"
	return $static_made
}

meson_project()
{
	copy_outside meson && meson setup "$work/meson/build" "$work/meson" && ninja -C "$work/meson/build" &&
		LD_LIBRARY_PATH=$lib "$work/meson/build/languages" && LD_LIBRARY_PATH=$lib "$work/meson/build/languages_cxx" &&
		LD_LIBRARY_PATH=$lib applies "$work/meson/build/apply"
}

static_meson_project()
{
	built_in "$work/meson/build/apply_static"
}

uninstalls()
{
	(cd "$build" && meson --internal uninstall)
	! find "$root" -mindepth 1 | grep .
}

tap library_and_fwctl_install installs
tap what_is_installed_is_wanted_and_nothing_else everything_and_nothing_else
tap links_of_the_shared_library_lead_to_it links
tap nothing_installed_names_the_place_where_it_was_built no_paths
tap installed_fwctl_tells_the_version_of_pkg_config run_fwctl
# name function
while read -r name function; do
	if ! in_namespace true 2>/dev/null; then
		tap_skip "$name" "no network namespace can be made"
	elif ! command -v nft >/dev/null; then
		tap_skip "$name" "nft is not installed"
	else
		tap "$name" "$function"
	fi
done <<-END
	make_project_outside_builds_and_runs make_project
	make_project_outside_takes_the_static_library static_make_project
	meson_project_outside_builds_and_runs meson_project
	meson_project_outside_takes_the_static_library static_meson_project
END
tap uninstall_leaves_nothing uninstalls
tap_end

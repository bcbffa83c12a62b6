#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# debian.sh SOURCE: builds Debian's packages in a copy, lets lintian look at them, and uses what is in them.
source=$1
. "$source/tests/tap.sh"
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
root=$work/root
trap 'rm -rf "$work" "$tap_log"' EXIT

# What git has, as it stands in the working tree.
copy()
{
	mkdir "$work/source" && (cd "$source" && git ls-files -z | tar --null -T - -cf -) | tar -C "$work/source" -xf -
}

# Not optimised: this is about the packages, and its time is everybody's. Which packages are there is seen by what works.
builds()
{
	copy && cd "$work/source" &&
		DEB_CFLAGS_STRIP=-g DEB_BUILD_OPTIONS="nocheck noopt noautodbgsym parallel=$(nproc)" dpkg-buildpackage -d -us -uc -b >"$work/log" 2>&1 ||
		{ tail -40 "$work/log"; return 1; }
	cd "$work" && ls ./*.deb
}

packages()
{
	ls "$work" | sed -n 's/_.*\.deb$//p' >"$work/packages"
	sed -n 's/^Package: //p' "$source/debian/control" | sort | diff - "$work/packages"
}

no_complaint()
{
	lintian --allow-root --no-cfg --fail-on error "$work"/*.changes
}

unpack()
{
	for package in "$work"/*.deb; do
		dpkg-deb -x "$package" "$root" || return
	done
	lib=$(dirname "$(find "$root/usr/lib" -name libfwcore.so.0)")
}

depends()
{
	dpkg-deb -f "$work"/"$1"_*.deb Depends | grep -F "$2"
}

dependencies()
{
	depends libfwcore0 libmnl0 && depends libfwcore-dev "libfwcore0 (= " && depends fwctl "libfwcore0 (>= 0.1.0)" &&
		depends python3-fwcore "libfwcore0 (>= 0.1.0)" && depends python3-fwcore python3-cffi-backend
}

in_namespace()
{
	if unshare -n true 2>/dev/null; then
		unshare -n "$@"
	else
		unshare -Urn "$@"
	fi
}

# What the programs apply is what fwctl of the packages shows.
uses()
{
	LD_LIBRARY_PATH=$lib in_namespace sh -c '"$@" && "$0" show inet outside' "$root/usr/bin/fwctl" "$@" >"$work/shown"
	cat "$work/shown"
	grep -F 'tcp dport 22 accept' "$work/shown"
}

program()
{
	cd "$source/tests/install/outside" || return
	# shellcheck disable=SC2046 # words
	cc -o "$work/apply" apply.c $(PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
		PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config --cflags --libs libfwcore) && uses "$work/apply"
}

python()
{
	cat >"$work/apply.py" <<-END
		import fwcore
		wanted = fwcore.Ruleset()
		wanted.add_table("outside").add_chain("input", hook="input").append("tcp dport 22 accept")
		with fwcore.Kernel() as kernel:
		    kernel.apply(wanted)
	END
	FWCORE_LIBRARY=$lib/libfwcore.so.0 PYTHONPATH=$root/usr/lib/python3/dist-packages uses /usr/bin/python3 "$work/apply.py"
}

reads_manual()
{
	MANPATH=$root/usr/share/man man fwctl | grep -F 'container networks' &&
		MANPATH=$root/usr/share/man man fwc_kernel_apply | grep -F 'fwcore/kernel.h'
}

for tool in git dpkg-buildpackage dh dh_python3 man; do
	if ! command -v $tool >/dev/null; then
		tap_skip packages_are_built "$tool is not installed"
		tap_end
	fi
done
if ! git -C "$source" rev-parse 2>/dev/null || ! /usr/bin/python3 -c 'import cffi' 2>/dev/null; then
	tap_skip packages_are_built "this is no clone of git, or Debian's python3-cffi is not installed"
	tap_end
fi
tap packages_are_built builds
tap packages_are_those_of_control packages
if command -v lintian >/dev/null; then
	tap lintian_finds_no_errors no_complaint
else
	tap_skip lintian_finds_no_errors "lintian is not installed"
fi
tap packages_depend_on_what_they_need dependencies
tap packages_unpack unpack
tap manual_of_the_packages_is_found reads_manual
if in_namespace true 2>/dev/null; then
	tap program_is_built_from_the_packages_and_runs program
	tap python_package_imports_and_applies python
else
	tap_skip program_is_built_from_the_packages_and_runs "no network namespace can be made"
	tap_skip python_package_imports_and_applies "no network namespace can be made"
fi
tap_end

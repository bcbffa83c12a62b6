#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# i386.sh DIR: what a 32-bit build needs beside gcc -m32: libmnl, libjansson and libcheck for i386, unpacked into DIR, and DIR/i386.ini
# for `meson setup --cross-file`. Nothing is installed and apt's own lists are left alone: i386 is known only in DIR.
# Where the kernel cannot run 32-bit programs qemu-i386 does (Debian's qemu-user): enough for what needs no netlink.
# Exits with 77 and the reason in the last line when it cannot be had.
set -u
dir=$1
packages='libmnl0 libmnl-dev libjansson4 libjansson-dev check libsubunit0 libsubunit-dev'

give_up()
{
	echo "$1"
	exit 77
}

# apt with state of its own, for which this is an i386 machine with nothing installed.
private_apt()
{
	apt-get -q -o APT::Architecture=i386 -o APT::Architectures::=i386 -o Dir::State="$dir/apt" \
		-o Dir::State::status="$dir/apt/status" -o Dir::Cache="$dir/apt" -o Acquire::Languages=none \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o APT::Sandbox::User= \
		-o APT::Update::Post-Invoke= -o APT::Update::Post-Invoke-Success= "$@"
}

fetch()
{
	mkdir -p "$dir/apt/lists/partial" "$dir/apt/archives/partial" && : >"$dir/apt/status" || return 1
	private_apt update # one list that does not come is no reason to stop: others may do
	# shellcheck disable=SC2086 # words
	(cd "$dir" && private_apt download $packages)
}

# The libraries' own words, with where they are now.
unpack()
{
	for package in "$dir"/*.deb; do
		dpkg-deb -x "$package" "$dir" || return 1
	done
	rm -rf "$dir/apt" "$dir"/*.deb
	pc=$dir/usr/lib/i386-linux-gnu/pkgconfig
	sed -i "s,^\([a-z_]*=\)/usr,\1$dir/usr," "$pc"/*.pc
	cat >"$dir/new.ini" <<-END
		[binaries]
		c = ['gcc', '-m32']
		ar = 'ar'
		strip = 'strip'
		pkgconfig = 'pkg-config'
		$wrapper
		[properties]
		pkg_config_libdir = '$pc'
		needs_exe_wrapper = $needs_wrapper
		[host_machine]
		system = 'linux'
		cpu_family = 'x86'
		cpu = 'i686'
		endian = 'little'
	END
	mv "$dir/new.ini" "$dir/i386.ini"
}

# Sets $wrapper and $needs_wrapper: what meson runs the programs with.
find_wrapper()
{
	wrapper='' needs_wrapper=false
	"$dir/true" 2>/dev/null && return
	qemu-i386 "$dir/true" 2>/dev/null || return 1
	wrapper="exe_wrapper = 'qemu-i386'" needs_wrapper=true
}

[ ! -f "$dir/i386.ini" ] || exit 0
mkdir -p "$dir" || give_up "$dir cannot be written"
echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o "$dir/true" 2>/dev/null ||
	give_up "gcc has no -m32: gcc-multilib is not installed"
find_wrapper || give_up "neither the kernel nor qemu-i386 runs 32-bit programs: qemu-user is not installed"
for program in apt-get dpkg-deb; do
	command -v "$program" >/dev/null || give_up "no $program to get libmnl, libjansson and libcheck for i386 with"
done
fetch || give_up "apt cannot get libmnl, libjansson and libcheck for i386"
unpack || give_up "the i386 packages of libmnl, libjansson and libcheck cannot be unpacked"

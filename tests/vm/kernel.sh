#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: tests/vm/kernel.sh SERIES DIR
# Unpacks Debian's cloud kernel of a series (6.1, 6.12) into DIR/RELEASE and prints that path. What is there already is
# used again. Nothing is installed: the package is downloaded with apt and unpacked.
# Exit status 77 when it cannot be had; the last line says why.
set -u
series=$1 dir=$2

give_up()
{
	echo "Linux $series: $*"
	exit 77
}

# Whatever the series of the distribution is called: the package whose own name has the series in it.
package_of()
{
	for meta in "linux-image-$series-cloud-amd64" linux-image-cloud-amd64; do
		apt-cache show "$meta" 2>/dev/null | sed -n 's/^Depends: \(linux-image-[^ ,]*\).*/\1/p'
	done | grep "^linux-image-$series\." | head -1
}

for found in "$dir"/"$series".*/; do
	[ -f "$found/complete" ] && echo "${found%/}" && exit
done
for program in apt-get dpkg-deb depmod; do
	command -v "$program" >/dev/null || give_up "$program is not installed"
done
package=$(package_of)
if [ -z "$package" ] && [ "$(id -u)" = 0 ]; then
	apt-get update >/dev/null 2>&1
	package=$(package_of)
fi
[ -n "$package" ] || give_up "apt knows no linux-image-$series*-cloud-amd64"

mkdir -p "$dir" || give_up "$dir cannot be written"
new=$(mktemp -d "$dir/new.XXXXXX") || give_up "$dir cannot be written"
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM HUP
(cd "$new" && apt-get -o APT::Sandbox::User=root download "$package") >"$new/log" 2>&1 ||
	give_up "$package: $(grep '^E:' "$new/log" | head -1)"
release=${package#linux-image-}
dpkg-deb -x "$new"/*.deb "$new/$release" || give_up "$package cannot be unpacked"
depmod -b "$new/$release" "$release" || give_up "the modules of $package cannot be listed"
touch "$new/$release/complete"
# Somebody may have been faster.
mv "$new/$release" "$dir/" 2>/dev/null
[ -f "$dir/$release/complete" ] || give_up "$dir/$release cannot be written"
echo "$dir/$release"

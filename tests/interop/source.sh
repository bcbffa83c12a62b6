# SPDX-License-Identifier: LGPL-2.1-or-later
# For scripts that need nftables' or iptables' own tests, which are not kept here: they are GPL, and belong to a version of
# nft or iptables. Source it.

# find_nftables FOLDER: sets $nftables to a folder that has tests/py: the one that FWC_TEST_NFTABLES names, else Debian's
# source of the nft that is installed, brought into FOLDER. Without one sets $why_not and is false.
find_nftables()
{
	nftables=${FWC_TEST_NFTABLES:-}
	if [ -n "$nftables" ]; then
		[ -d "$nftables/tests/py" ] && return
		why_not="FWC_TEST_NFTABLES=$nftables has no tests/py"
		return 1
	fi
	for program in apt-get dpkg-source; do
		command -v "$program" >/dev/null && continue
		why_not="FWC_TEST_NFTABLES names no source of nftables, and $program to bring it is not installed"
		return 1
	done
	if bring_source "$1" nftables >"$1/log" 2>&1; then
		nftables=$1/nftables
		return
	fi
	why_not="FWC_TEST_NFTABLES names no source of nftables, and apt-get source: $(grep '^E:' "$1/log" | head -1)"
	return 1
}

# With lists of its own: the machine's may name no sources, and stay as they are.
# bring_source FOLDER NAME: Debian's source package of that name to FOLDER/NAME.
bring_source()
{
	. /etc/os-release
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial" || return
	echo "deb-src http://deb.debian.org/debian $VERSION_CODENAME main" >"$1/sources.list"
	apt="apt-get -o Dir::Etc::SourceList=$1/sources.list -o Dir::Etc::SourceParts=/dev/null
		-o Dir::State::Lists=$1/lists -o Dir::Cache=$1/cache"
	# shellcheck disable=SC2086 # words
	(cd "$1" && $apt update && $apt source "$2") || return
	mv "$1/$2"-*/ "$1/$2"
}

# find_iptables FOLDER: likewise sets $iptables to a folder that has extensions/*.t: what FWC_TEST_IPTABLES names, or Debian's.
find_iptables()
{
	iptables=${FWC_TEST_IPTABLES:-}
	if [ -n "$iptables" ]; then
		[ -f "$iptables/extensions/libxt_tcp.t" ] && return
		why_not="FWC_TEST_IPTABLES=$iptables has no extensions/libxt_tcp.t"
		return 1
	fi
	for program in apt-get dpkg-source; do
		command -v "$program" >/dev/null && continue
		why_not="FWC_TEST_IPTABLES names no source of iptables, and $program to bring it is not installed"
		return 1
	done
	if bring_source "$1" iptables >"$1/log" 2>&1; then
		iptables=$1/iptables
		return
	fi
	why_not="FWC_TEST_IPTABLES names no source of iptables, and apt-get source: $(grep '^E:' "$1/log" | head -1)"
	return 1
}

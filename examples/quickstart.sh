#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the library is for, with real packets: a host with a firewall, an outside world, a docker0-style network
# with two containers. Everything is in namespaces that end with this script, however it ends: the machine's
# own interfaces, rules and settings are not touched.
#
# usage: examples/quickstart.sh     (as root; without root where user namespaces are allowed)
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
bold='' plain=''
[ -t 1 ] && bold=$(printf '\033[1m') plain=$(printf '\033[0m')

say()
{
	printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

# ---------------------------------------------------------------- outside: packages, build, namespaces

build_fwctl()
{
	. "$here/tests/packages.sh"
	install_packages build-essential meson ninja-build pkg-config python3 libmnl-dev libjansson-dev \
		iproute2 iputils-ping
	if [ -n "$missing" ]; then
		tell_missing
		exit 1
	fi
	build=$here/build/quickstart
	if ! mkdir -p "$build" 2>/dev/null || [ ! -w "$build" ]; then
		build=$(mktemp -d)
		trap 'rm -rf "$build"' EXIT
	fi
	say "Building the library and fwctl in $build"
	if ! { [ -f "$build/build.ninja" ] || meson setup "$build" "$here" -Dtests=false -Doptimization=0; } >"$build/log" 2>&1 ||
		! ninja -C "$build" examples/fwctl >"$build/log" 2>&1; then
		tail -20 "$build/log"
		exit 1
	fi
}

# The rest runs as process 1 of namespaces of its own: when it ends, the kernel takes back all of it.
enter()
{
	user=
	[ "$(id -u)" = 0 ] || user=-Ur
	if ! unshare $user --mount --net --pid --fork true 2>/dev/null; then
		echo "quickstart: namespaces are not allowed here: run it as root"
		exit 77
	fi
	unshare $user --mount --net --pid --fork --kill-child --mount-proc sh "$0" --inside "$build/examples/fwctl" &
	child=$!
	trap 'kill -KILL $child; wait $child; echo; echo "Interrupted: everything is taken back."; exit 130' INT TERM HUP
	wait $child
	exit $?
}

if [ "${1:-}" != --inside ]; then
	build_fwctl
	enter
fi

# ---------------------------------------------------------------- inside

fwctl=$2
wrong=0
mount -t tmpfs tmpfs /run || exit 1
mkdir /run/www || exit 1

# Shows a command and runs it on the host. It must succeed: what follows builds on it.
host()
{
	printf '  $ fwctl %s\n' "$*"
	"$fwctl" --netns host "$@" >/run/output 2>&1 || {
		sed 's/^/    /' /run/output
		say "That should have worked."
		exit 1
	}
	sed 's/^/    /' /run/output
}

# expect TEXT COMMAND...: the command succeeds, as the text says.
expect()
{
	text=$1
	shift
	if "$@" >/run/output 2>&1; then
		echo "  [ok]     $text"
	else
		echo "  [WRONG]  $text"
		sed 's/^/           /' /run/output
		wrong=$((wrong + 1))
	fi
}

# ping_from NAMESPACE ADDRESS
ping_from()
{
	ip netns exec "$1" ping -n -c 2 -i 0.2 -W 2 "$2"
}

# fetch NAMESPACE URL WORDS: the page is fetched, and it says those words.
fetch()
{
	ip netns exec "$1" python3 -c '
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
page = opener.open(sys.argv[1], timeout=3).read().decode()
print(page)
sys.exit(sys.argv[2] not in page)' "$2" "$3"
}

# connect NAMESPACE ADDRESS PORT: prints connected, refused or silent.
connect()
{
	ip netns exec "$1" python3 -c '
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1.5)
    print("connected")
except ConnectionRefusedError:
    print("refused")
except OSError:
    print("silent")' "$2" "$3"
}

# is_refused NAMESPACE ADDRESS PORT
is_refused()
{
	connect "$@" | grep refused
}

is_silent()
{
	connect "$@" | grep silent
}

# Waits until something listens there.
wait_for()
{
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$(connect "$1" "$2" "$3")" = connected ] && return
		sleep 0.2
	done
}

# The IPv4 (.) or IPv6 (:) address of a container.
address_of()
{
	"$fwctl" --netns host network show demo0 --json | python3 -c '
import json, sys
for c in json.load(sys.stdin)["containers"]:
    if c["id"] == sys.argv[1]:
        print(*[a for a in c["addresses"] if sys.argv[2] in a])' "$1" "$2"
}

say "1. Four machines, made of network namespaces: a host, the world outside, and two containers"
for name in host outside web client; do
	ip netns add "$name" && ip -n "$name" link set lo up || exit 1
done
ip -n host link add uplink type veth peer name eth0 netns outside
ip -n host addr add 203.0.113.1/24 dev uplink
ip -n host link set uplink up
ip -n outside addr add 203.0.113.2/24 dev eth0
ip -n outside link set eth0 up
echo "  The host's uplink is 203.0.113.1, the outside is 203.0.113.2 and knows no other network."

say "2. The host must forward packets. The library tells what the kernel changes along with it"
host forwarding on

say "3. A docker0-style network: a bridge, addresses, NAT to the outside"
host network create demo0 --subnet 172.30.0.0/24 --subnet fd30::/64

say "4. Two containers join it; web publishes its port 80 as the host's port 8080, in the same transaction"
host network attach demo0 web web --publish 8080:80
host network attach demo0 client client
web4=$(address_of web .) web6=$(address_of web :)

say "5. A firewall for the host itself: what is not allowed is dropped"
cat >/run/firewall <<'END'
add table inet firewall
add chain inet firewall input { type filter hook input priority filter; policy drop; }
add rule inet firewall input iifname lo accept
add rule inet firewall input ct state established,related accept
add rule inet firewall input icmp type echo-request limit rate 10/second counter accept
add rule inet firewall input icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, echo-request } accept
add rule inet firewall input meta l4proto tcp counter reject with tcp reset comment "say no at once"
add chain inet firewall forward { type filter hook forward priority filter; policy drop; }
add rule inet firewall forward ct state established,related counter accept
add rule inet firewall forward iifname demo0 counter accept comment "containers may go out"
add rule inet firewall forward ct status dnat counter accept comment "published ports may come in"
END
sed 's/^/    /' /run/firewall
echo "  First only what it would do:"
host apply --dry-run /run/firewall
echo "  Then all of it, in one transaction:"
host apply /run/firewall
echo "  Once more: the kernel has it all, so there is nothing to do."
host apply --dry-run /run/firewall
[ ! -s /run/output ] || wrong=$((wrong + 1))

say "6. Real packets"
echo "Hello from a container." >/run/www/index.html
ip netns exec web python3 -m http.server --bind :: --directory /run/www 80 >/dev/null 2>&1 &
ip netns exec outside python3 -c '
import http.server
class Peer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(("you are " + self.client_address[0]).encode())
http.server.ThreadingHTTPServer(("", 80), Peer).serve_forever()' >/dev/null 2>&1 &
wait_for web "$web4" 80
wait_for outside 203.0.113.2 80
expect "client reaches web at $web4" ping_from client "$web4"
expect "client reaches web at $web6" ping_from client "$web6"
expect "client fetches web's page, container to container" fetch client "http://$web4/" "Hello from a container."
expect "web reaches the outside" ping_from web 203.0.113.2
expect "the outside sees the host's address, not web's (NAT)" fetch web http://203.0.113.2/ "you are 203.0.113.1"
expect "the outside fetches web's page through the published port 8080" \
	fetch outside http://203.0.113.1:8080/ "Hello from a container."
expect "the outside pings the host, which its firewall allows" ping_from outside 203.0.113.1
expect "the outside is refused on port 8081, which nobody published" is_refused outside 203.0.113.1 8081
ip -n outside route add 172.30.0.0/24 via 203.0.113.1
expect "the outside does not get to $web4 port 80 past the published port" is_silent outside "$web4" 80
ip -n outside route del 172.30.0.0/24
"$fwctl" --netns host network unpublish demo0 web 8080:80
expect "port 8080 is refused once it is not published any more" is_refused outside 203.0.113.1 8080
"$fwctl" --netns host network publish demo0 web 8080:80
expect "and works again when it is published again" fetch outside http://203.0.113.1:8080/ "Hello from a container."

say "7. What the library sees. Interfaces, physical or virtual"
host interfaces
say "   One of them, with all there is to know"
host interfaces demo0
say "   Forwarding"
host forwarding show
say "   The network"
host network show demo0
say "   Tables, chains, rules and counters, in nft's words"
host show

say "8. Taking it back"
host network detach demo0 web
host network detach demo0 client
host network delete demo0
echo "delete table inet firewall" >/run/firewall
host apply /run/firewall
echo "  No table is left:"
host show
[ ! -s /run/output ] || wrong=$((wrong + 1))

if [ "$wrong" != 0 ]; then
	say "$wrong of the above went wrong."
	exit 1
fi
say "All as it should be. The namespaces end with this script; the machine is as it was."

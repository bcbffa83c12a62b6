#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Rules as Docker, fail2ban and administrators write them, by iptables-nft 1.8.9: iptables.dump.
iptables-nft -A INPUT -i lo -j ACCEPT
iptables-nft -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT
iptables-nft -A INPUT -p tcp -m multiport --dports 80,443 -m comment --comment "web" -j ACCEPT
iptables-nft -A INPUT -s 10.0.0.0/9 -j DROP
iptables-nft -A INPUT -i "eth+" -p udp --dport 53:60 -j LOG --log-prefix x
iptables-nft -A FORWARD -m limit --limit 3/min -j REJECT
iptables-nft -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables-nft -t nat -N DOCKER
iptables-nft -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables-nft -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
iptables-nft -t mangle -A PREROUTING -j MARK --set-mark 0x1/0xff
ip6tables-nft -A INPUT -s fe80::/10 -p ipv6-icmp -j ACCEPT

#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# usage: tests/vm/run.sh [-i PATH]... [-m MEGABYTES] [-t SECONDS] KERNEL COMMAND...
# Runs a command line as root in another kernel and passes its output and exit status on. KERNEL is a directory as
# tests/vm/kernel.sh makes it. The machine is emulated (qemu without KVM, one processor) and has no disk: its root file
# system is in memory, and holds busybox, the programs named below and each PATH, file or folder, with the libraries that
# they are linked with, all under the paths that they have here.
# Exit status 77 when that is not possible here, 124 when the time is over, 125 when the kernel went down.
set -u
programs='busybox sh nft ip bridge ping sysctl iptables-nft unshare nsenter modprobe'
data='/etc/passwd /etc/group /etc/iproute2 /usr/share/iproute2 /etc/protocols /etc/services /usr/lib/x86_64-linux-gnu/xtables'
# no_timer_check: on a busy machine the emulated timer is late, which the kernel would take for a broken one and panic.
# In emulation, microcode is slower than loops, and what protects a machine's users from each other is only slow.
processor=max,erms=off,fsrm=off,la57=off,smap=off,smep=off
settings='no_timer_check mitigations=off init_on_alloc=0 apparmor=0 audit=0 cgroup_disable=memory transparent_hugepage=never tsc=reliable'
here=$(cd "$(dirname "$0")" && pwd)
newline='
'
included='' megabytes=1024 seconds=600
while getopts i:m:t: option; do
	case $option in
	i) included=$included$OPTARG$newline ;;
	m) megabytes=$OPTARG ;;
	t) seconds=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
if [ $# -lt 2 ]; then
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
fi
kernel=$1
shift
release=${kernel##*/}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

give_up()
{
	echo "$*"
	exit 77
}

[ "$(uname -m)" = x86_64 ] || give_up "the kernels are for x86_64, and this machine is $(uname -m)"
for program in qemu-system-x86_64 timeout busybox cpio modprobe depmod nft ip ldd; do
	command -v "$program" >/dev/null || give_up "$program is not installed"
done

work=$(mktemp -d) || exit 1
machine=
clean_up()
{
	if [ -n "$machine" ]; then
		kill "$machine" 2>/dev/null
		wait "$machine" 2>/dev/null
	fi
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# ---------------------------------------------------------------- the root file system

root=$work/root

# Programs, then the libraries that they are linked with, then folders: a path a line.
contents()
{
	for program in $programs; do
		command -v "$program"
	done
	printf '%s' "$included"
	for path in $data; do
		[ -e "$path" ] && echo "$path"
	done
}

libraries()
{
	while read -r path; do
		find -L "$path" -type f -perm -u+x
	done | while read -r file; do
		ldd "$file" 2>/dev/null
	done | sed -n 's/.*[ \t]\(\/[^ ]*\) (0x.*/\1/p' | sort -u | xargs -r realpath -s
}

mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64"
for name in bin sbin lib lib64; do
	ln -s "usr/$name" "$root/$name"
done
cp "$here/init" "$root/init"
chmod 755 "$root/init"
printf '%s\n' "$*" >"$root/command"
contents >"$work/contents"
libraries <"$work/contents" >"$work/libraries"
cat "$work/contents" "$work/libraries" | while read -r path; do
	cp -rL --parents "$path" "$root" || exit
done || exit 1
(cd "$kernel" && for path in "lib/modules/$release"/modules.* \
	"lib/modules/$release/kernel"/net "lib/modules/$release/kernel"/drivers/net "lib/modules/$release/kernel"/lib \
	"lib/modules/$release/kernel"/crypto; do
	cp -r --parents "$path" "$root" || exit
done) || exit 1
(cd "$root" && find . | cpio -o -H newc --quiet) >"$work/initrd" || exit 1
rm -rf "$root"

# ---------------------------------------------------------------- the machine

: >"$work/console"
timeout "$seconds" qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
	-accel tcg -cpu $processor -m "$megabytes" -kernel "$kernel/boot/vmlinuz-$release" -initrd "$work/initrd" \
	-append "console=ttyS0 quiet loglevel=3 panic=-1 $settings" \
	-serial "file:$work/console" -serial stdio </dev/null 2>"$work/qemu" &
machine=$!
wait "$machine"
ended=$?
machine=
if [ "$ended" = 124 ]; then
	echo "Linux $release: not done after $seconds s"
	exit 124
fi
status=$(tr -d '\r' <"$work/console" | sed -n 's/^exit status \([0-9]*\)$/\1/p')
if [ -z "$status" ]; then
	echo "Linux $release went down. Its last words:"
	tail -n 30 "$work/console" "$work/qemu"
	exit 125
fi
exit "$status"

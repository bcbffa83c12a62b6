# SPDX-License-Identifier: LGPL-2.1-or-later
# For scripts that set themselves up: Debian's packages, installed when something is missing. Source it.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

# The first python3 in PATH may be somebody's own, beside Debian's.
python_has()
{
	python3 -c "import $*" || /usr/bin/python3 -c "import $*"
}

# Makes a 32-bit program that does nothing, and sets $program to its path.
program_i386()
{
	program=$(mktemp) || return 1
	echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o "$program" 2>/dev/null && return
	rm -f "$program"
	return 1
}

# Whether the kernel runs 32-bit programs.
runs_i386()
{
	program_i386 && { "$program" 2>/dev/null; status=$?; rm -f "$program"; return "$status"; }
}

# By what it brings, not by dpkg: a meson from elsewhere is as good.
have_package()
{
	case $1 in
	build-essential) command -v gcc && command -v g++ ;;
	clang) command -v clang && command -v clang++ ;;
	busybox-static) command -v busybox ;;
	kmod) command -v modprobe ;;
	qemu-system-x86) command -v qemu-system-x86_64 ;;
	ninja-build) command -v ninja ;;
	golang-go) command -v go ;;
	nftables) command -v nft ;;
	iproute2) command -v ip ;;
	debhelper) command -v dh && command -v dpkg-buildpackage ;;
	dh-python) command -v dh_python3 ;;
	man-db) command -v man && command -v mandb ;;
	iputils-ping) command -v ping ;;
	procps) command -v sysctl ;;
	gcc-multilib) program_i386 && rm -f "$program" ;;
	qemu-user) command -v qemu-i386 ;;
	check) pkg-config --exists check ;;
	python3-cffi) python_has cffi ;;
	python3-pytest) python_has cffi, pytest ;;
	libmnl-dev) pkg-config --exists libmnl ;;
	libjansson-dev) pkg-config --exists jansson ;;
	*) command -v "$1" ;;
	esac >/dev/null 2>&1
}

missing_packages()
{
	for package; do
		have_package "$package" || echo "$package"
	done | tr '\n' ' '
}

# install_packages PACKAGE...: installs what is missing, if it may. Sets $missing to what is missing afterwards.
install_packages()
{
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		return 0
	fi
	echo "Installing Debian packages: $missing"
	apt_log=$(mktemp)
	# An index that is there and fresh enough serves; only when it does not, it is fetched.
	# shellcheck disable=SC2086 # words
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$apt_log" 2>&1 ||
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$apt_log" 2>&1 ||
		{
			echo "apt could not install them. It says:"
			grep -E '^(E|Err|W):?' "$apt_log" | sort -u | head -5 | sed 's/^/  /'
		}
	rm -f "$apt_log"
	missing=$(missing_packages "$@")
}

# Says what is missing and how to get it.
tell_missing()
{
	echo "Missing: $missing"
	echo "Install by hand: apt-get update && apt-get install $missing"
}

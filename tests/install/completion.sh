#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# completion.sh SOURCE BUILD: what bash offers after the beginning of a line of fwctl.
source=$1 build=$2
. "$source/tests/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$tap_log"' EXIT

# Runs bash's own completion function, as readline does: it splits the line at spaces and at `=`.
cat >"$work/complete.bash" <<'END'
source "$1/examples/fwctl/completion.bash"
complete -p fwctl >/dev/null || exit 1
line=${3//=/ = }
read -ra COMP_WORDS <<<"$line"
[[ $3 != *[\ =] ]] || { [[ $3 == *= ]] || COMP_WORDS+=(''); }
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_fwctl "$2" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}" | sort -u
END

offered()
{
	bash "$work/complete.bash" "$source" "$build/examples/fwctl" "$1"
}

# offers LINE WORD...: after that line exactly these, in any order.
offers()
{
	offered "$1" >"$work/offered"
	shift
	printf '%s\n' "$@" | sort >"$work/wanted"
	diff "$work/wanted" "$work/offered"
}

# Each command of --help, and each option that its own --help names.
commands()
{
	# shellcheck disable=SC2046 # words
	offers "fwctl " help $("$build/examples/fwctl" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p') &&
		offers "fwctl network " help $("$build/examples/fwctl" network --help | sed -n 's/^  \([a-z]*\)  .*/\1/p') &&
		offers "fwctl sh" show && offers "fwctl network un" unpublish && offers "fwctl help network att" attach
}

options()
{
	offers "fwctl show -" --format --handles --help --json --netns --owner --stateless --unfold &&
		offers "fwctl network create a --" --gateway --help --internal --isolated --mtu --netns --owner --subnet &&
		offers "fwctl apply --d" --dry-run && offers "fwctl --netns x forwarding --fam" --family &&
		offers "fwctl --" --help --netns --owner --version
}

words()
{
	offers "fwctl show i" inet ip ip6 && offers "fwctl forwarding " off on show &&
		offers "fwctl forwarding --family " ip ip6 && offers "fwctl forwarding --family=" ip ip6 &&
		offers "fwctl forwarding --family=ip6 o" off on && offers "fwctl network create " ""
}

files()
{
	touch "$work/rules.fw" && offers "fwctl apply $work/ru" "$work/rules.fw" &&
		offers "fwctl apply --dry-run $work/ru" "$work/rules.fw" && offers "fwctl --netns $work/ru" "$work/rules.fw"
}

# What follows the kernel, in a namespace of its own.
names()
{
	ip link set lo up && ip link add br-test type bridge &&
		printf 'add table inet one\nadd table inet two\nadd table ip three\n' | "$build/examples/fwctl" apply - &&
		offers "fwctl interfaces b" br-test && offers "fwctl forwarding --interface b" br-test &&
		offers "fwctl show inet " one two && "$build/examples/fwctl" network create web0 --subnet 172.30.0.0/24 --internal &&
		offers "fwctl network delete " web0 && offers "fwctl network detach web0 " "" &&
		offers "fwctl --owner other network delete " ""
}

if [ "${3:-}" = names ]; then
	names
	exit
fi
if ! command -v bash >/dev/null; then
	tap_skip fwctl_is_completed_by_bash "bash is not installed"
	tap_end
fi
tap bash_offers_the_commands_of_help commands
tap bash_offers_the_options_of_help options
tap bash_offers_the_words_of_a_command words
tap bash_offers_files_where_files_are_wanted files
if unshare -n true 2>/dev/null; then
	tap bash_offers_the_names_that_the_kernel_has unshare -n sh "$0" "$source" "$build" names
elif unshare -Urn true 2>/dev/null; then
	tap bash_offers_the_names_that_the_kernel_has unshare -Urn sh "$0" "$source" "$build" names
else
	tap_skip bash_offers_the_names_that_the_kernel_has "no network namespace can be made"
fi
tap_end

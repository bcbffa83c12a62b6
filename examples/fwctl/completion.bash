# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for fwctl. It asks fwctl itself: commands and options are those of its --help, names are those of
# the kernel as far as the user may see them.

# _fwctl_in SECTION: of the help on standard input, the commands, or the options, or the options that take a value.
_fwctl_in()
{
	case $1 in
	commands) sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' ;;
	options) grep -oE -e '--[a-z]+(-[a-z]+)*' ;;
	values) grep -oE -e '--[a-z-]+ [A-Z]+' | sed 's/ .*//' ;;
	esac
}

# Names of network namespaces, or paths.
_fwctl_namespaces()
{
	local names=(/run/netns/*)

	[[ -e ${names[0]} ]] || names=()
	COMPREPLY=($(compgen -W "${names[*]##*/}" -- "$1") $(compgen -f -- "$1"))
}

_fwctl_option()
{
	case $1 in
	--netns) _fwctl_namespaces "$2" ;;
	--format) COMPREPLY=($(compgen -W 'nft json' -- "$2")) ;;
	--family) COMPREPLY=($(compgen -W 'ip ip6' -- "$2")) ;;
	--table) COMPREPLY=($(compgen -W 'main local default all' -- "$2")) ;;
	--interface)
		# Of attach, it is a new name in the container.
		[[ $command == forwarding ]] && COMPREPLY=($(compgen -W "$(_fwctl_ask interfaces | sed '1d; s/ .*//')" -- "$2"))
		;;
	esac
}

# With the namespace and owner that the line names.
_fwctl_ask()
{
	"$fwctl" "${globals[@]}" "$@" 2>/dev/null
}

# _fwctl_word NUMBER WORD: the NUMBERth argument of the command.
_fwctl_word()
{
	local words=

	case "$command $1" in
	"show 1") words="ip ip6 inet arp bridge netdev" ;;
	"reset 1") words="rules counters quotas elements" ;;
	"reset 2") words="ip ip6 inet arp bridge netdev" ;;
	"reset 3") words=$(_fwctl_ask show "${arguments[1]}" | sed -n 's/^table [a-z0-9]* \([^ ]*\) {.*/\1/p') ;;
	"show 2") words=$(_fwctl_ask show "${arguments[0]}" | sed -n 's/^table [a-z0-9]* \([^ ]*\) {.*/\1/p') ;;
	"apply 1" | "diff 1") COMPREPLY=($(compgen -f -- "$2")) ;;
	"interfaces 1") words=$(_fwctl_ask interfaces | sed '1d; s/ .*//') ;;
	"forwarding 1") words="show on off" ;;
	"route 1") words="show get add replace delete" ;;
	"network attach 3") _fwctl_namespaces "$2" ;;
	"network create 1" | "network list "*) ;;
	"network "*" 1") words=$(_fwctl_ask network list | sed '1d; s/ .*//') ;;
	"network detach 2" | "network publish 2" | "network unpublish 2")
		words=$(_fwctl_ask network show "${arguments[0]}" | sed -n 's/^  \([^ ]*\) .*/\1/p')
		;;
	esac
	[[ -z $words ]] || COMPREPLY=($(compgen -W "$words" -- "$2"))
}

_fwctl()
{
	local fwctl=$1 cur=${COMP_WORDS[COMP_CWORD]} command= help word option= values
	local arguments=() globals=() words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")

	COMPREPLY=()
	# `--netns=x` is three words here.
	[[ $cur != = ]] || { words+=(=) cur=; }
	help=$("$fwctl" --help 2>/dev/null) || return
	values=$'--netns\n--owner'
	for word in "${words[@]}"; do
		if [[ $word == = ]]; then
			continue
		elif [[ -n $option ]]; then
			[[ $option != --netns && $option != --owner ]] || globals+=("$option" "$word")
			option=
		elif [[ $word == -* ]]; then
			[[ $'\n'$values$'\n' != *$'\n'$word$'\n'* ]] || option=$word
		elif [[ $word == help && -z $command ]]; then
			continue
		elif [[ -z $command || $command == network ]]; then
			command=${command:+$command }$word
			help=$("$fwctl" $command --help 2>/dev/null) || return
			values+=$'\n'$(_fwctl_in values <<<"$help")
		else
			arguments+=("$word")
		fi
	done
	if [[ -n $option ]]; then
		_fwctl_option "$option" "$cur"
	elif [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_fwctl_in options <<<"$help") --netns --owner --help" -- "$cur"))
	elif [[ -z $command || $command == network ]]; then
		COMPREPLY=($(compgen -W "$(_fwctl_in commands <<<"$help") help" -- "$cur"))
	else
		_fwctl_word $((${#arguments[@]} + 1)) "$cur"
	fi
} &&
	complete -o filenames -F _fwctl fwctl

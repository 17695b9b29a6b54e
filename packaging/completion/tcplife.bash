# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion of tcplife for bash. What there is to complete it reads from the help
# of the program that is on the command line, so it knows all that this one takes.

# Each word that the help of a command begins a line with as an option, and after a
# blank what has to come with it.
_tcplife_options()
{
	"$@" --help 2>/dev/null | sed -nE \
		-e 's/^  (-[A-Za-z0-9]), (--[a-z0-9-]+)(=| )?([A-Z[][^ ]*)?.*/\1 \4\n\2 \4/p' \
		-e 's/^      (--[a-z0-9-]+)(=| )?([A-Z[][^ ]*)?.*/\1 \3/p'
}

_tcplife_commands()
{
	"$1" help 2>/dev/null | sed -nE 's/^  ([a-z][a-z0-9-]*) .*/\1/p'
}

# What may be said for a value that has this name in the help.
_tcplife_values()
{
	case $1 in
	STATE*)
		echo SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 \
			TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING
		;;
	ROLE*) echo active passive pre-existing ;;
	END*)
		echo fin refused connect-timeout unreachable no-local-port \
			syn-ack-timeout embryonic-reset listener-closed \
			accept-overflow closed-in-handshake disconnected \
			reset-received reset-sent retransmit-timeout \
			probe-timeout fin-timeout fin-wait2-timeout \
			keepalive-timeout user-timeout aborted out-of-memory \
			netns-gone repair-closed unknown
		;;
	NETNS) ls /run/netns 2>/dev/null ;;
	esac
}

# Of a list, the last item is completed.
_tcplife_value()
{
	local name=$1 word=$2 first=''

	case $name in
	FILE*)
		compopt -o default
		return
		;;
	*,...)
		[[ $word != *,* ]] || first=${word%,*},
		compopt -o nospace
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -P "$first" \
		-W "$(_tcplife_values "$name")" -- "${word##*,}")
}

_tcplife()
{
	local program=$1 word=$2 before=$3 command='' options value i

	if ((COMP_CWORD == 1)) && [[ $word != -* ]]; then
		mapfile -t COMPREPLY < <(compgen \
			-W "$(_tcplife_commands "$program") help" -- "$word")
		return
	fi
	[[ ${COMP_WORDS[1]} == -* ]] || command=${COMP_WORDS[1]}
	# Behind -- is a command, or a file.
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != -- ]] || { compopt -o default; return; }
	done
	options=$(_tcplife_options "$program" ${command:+"$command"})
	value=$(sed -n "s/^$before //p" <<<"$options")
	if [[ $before == -* && -n $value ]]; then
		_tcplife_value "$value" "$word"
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen \
			-W "$(cut -d ' ' -f 1 <<<"$options")" -- "$word")
	elif "$program" ${command:+"$command"} --help 2>/dev/null |
		grep -q '^Usage:.*FILE'; then
		compopt -o default
	fi
}

complete -F _tcplife tcplife

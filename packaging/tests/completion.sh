#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion, as shells on a terminal do it, against what the reader's help says.

. "$(dirname "$0")/lib.sh"

# In one line, sorted as complete.py does.
in_order()
{
	LC_ALL=C sort -u | xargs
}

commands()
{
	build/tcplife help | sed -nE 's/^  ([a-z]+) .*/\1/p'
}

# options PATTERN COMMAND...: those in its help that match
options()
{
	local pattern=$1

	shift
	build/tcplife "$@" --help | grep -E '^ +-' |
		grep -oE -e '^ +-[^ ,]+(, --[a-z0-9-]+)?' | tr -s ', ' '\n' |
		grep -E -e "$pattern"
}

# ask SHELL: of each of $lines what is offered, against $answers.
ask()
{
	local i
	local -a offered

	mapfile -t offered < <(packaging/tests/complete.py "$1" "$BUILD" \
		"${lines[@]}" 2>"$TMP/log")
	[ ! -s "$TMP/log" ] || fail "$(tail -n 3 "$TMP/log")"
	for i in "${!lines[@]}"; do
		expect_eq "$1 after '${lines[i]}'" "${offered[i]-}" \
			"${answers[i]}"
	done
}

# question LINE ANSWER
question()
{
	lines+=("$1") answers+=("$2")
}

questions()
{
	local command

	lines=() answers=()
	question 'tcplife ' "$({ commands; echo help; } | in_order)"
	question 'tcplife l' "$(commands | grep ^l | in_order)"
	question 'tcplife -' "$(options . | in_order)"
	for command in $(commands); do
		question "tcplife $command -" \
			"$(options . "$command" | in_order)"
	done
	question 'tcplife list --s' "$(options ^--s list | in_order)"
	question 'tcplife list --role ' "active passive pre-existing"
}

test_P10()
{
	local -a lines answers

	questions
	[ ${#lines[@]} -ge 17 ] || fail "too few questions: ${#lines[@]}"
	ask bash
}

test_P11()
{
	local -a lines answers

	questions
	ask zsh
}

# uapi_names PREFIX: the enumerators as the reader spells them
uapi_names()
{
	scripts/abi-numbers | sed -n "s/^TCPLIFE_$1_\([A-Z0-9_]*\)=.*/\1/p" |
		grep -vx NONE
}

# taken OPTION... WORD: the reader takes it; that the module is not loaded is another
# matter.
taken()
{
	local status=0

	build/tcplife list "$@" >"$TMP/log" 2>&1 || status=$?
	[ "$status" != 2 ] || fail "$*: $(head -n 1 "$TMP/log")"
}

# The words of each kind of value are those that there are, in both shells.
test_P12()
{
	local -a lines=() answers=()
	local states ends word

	states=$(uapi_names STATE | in_order)
	ends=$(uapi_names END | tr 'A-Z_' 'a-z-' | in_order)
	question 'tcplife list --state ' "$states"
	question 'tcplife list --end ' "$ends"
	ask bash
	ask zsh
	for word in $states; do
		taken --state "$word"
	done
	for word in $ends; do
		taken --history --end "$word"
	done
}

run_tests \
	P10 "bash completes every command and option of the help" \
	P11 "zsh completes every command and option of the help" \
	P12 "the values that are offered are those that there are"

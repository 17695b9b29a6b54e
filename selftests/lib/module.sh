# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module under test: each test has it loaded afresh.

PROC=/proc/tcplife

# Which one: $TCPLIFE_KO, else the one built for $KERNEL, else modprobe's.
module_find()
{
	local built=$SELFTESTS/../build/${KERNEL-none}/tcplife.ko

	MODULE=${TCPLIFE_KO-}
	[ -n "$MODULE" ] || [ ! -e "$built" ] || MODULE=$built
	if [ -n "$MODULE" ]; then
		# Once over the wire from the host, then from memory.
		cp "$MODULE" "$TMP/tcplife.ko" || skip_all "no $MODULE"
		MODULE=$TMP/tcplife.ko
	else
		modinfo tcplife >/dev/null 2>&1 || skip_all "no module tcplife"
	fi
	[ ! -e "$PROC" ] || rmmod tcplife
}

# module_insert [PARAMETER=VALUE]...
module_insert()
{
	if [ -n "$MODULE" ]; then
		insmod "$MODULE" "$@"
	else
		modprobe tcplife "$@"
	fi
}

# Whether there are sockets in other namespaces than this one.
module_has_foreign()
{
	awk -v own="$(stat -L -c %i /proc/self/ns/net)" '
		FNR > 1 && $2 != own { found = 1; exit }
		END { exit !found }' "$PROC/connections" "$PROC/timewait"
}

# The last test's namespaces live as long as their orphans, and what they still
# do would be counted, here and not in the MIB of this test's. A few, at most:
# somebody else may have namespaces, too.
module_await_others()
{
	local i

	for ((i = 0; i < 15; i++)); do
		module_has_foreign || return 0
		module_unload
		pass 10
		module_load
	done
}

# $MODULE_ARGS: a test that wants others sets them and loads again.
module_load()
{
	# shellcheck disable=SC2086 # a list of words
	module_insert ${MODULE_ARGS-} || die "cannot load the module"
	[ -r "$PROC/stats" ] || die "no $PROC/stats"
}

module_unload()
{
	[ ! -e "$PROC" ] || rmmod tcplife ||
		{ ktap_print_msg "FAIL cannot unload"; return 1; }
}

# What was before is not to be held against the kernel's counters, which are
# those of this test's two namespaces.
afresh()
{
	module_unload
	module_load
	stats_start
	mib_start
}

# expect_short COMMAND...: nobody waits longer for the CPU than for 10,000,000
# instructions, of which the kernel's own part of it, switching ftrace's calls
# on and off, has five. An instruction is 2 ns long where a clock counts them.
expect_short()
{
	local longest

	if [ "$1" = module_insert ] && [ -n "$MODULE" ]; then
		set -- insmod "$MODULE" "${@:2}"
	elif [ "$1" = module_insert ]; then
		set -- modprobe tcplife "${@:2}"
	fi
	"$TMP/stretch" "$@" >"$TMP/stretched" || die "cannot $1"
	read -r _ longest _ <"$TMP/stretched"
	expect_between "ns at a stretch of $1" "$longest" 1 20000000
	ktap_print_msg "$1: $(<"$TMP/stretched")"
}

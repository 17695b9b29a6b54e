#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Abuse (A51 to A79): the clock is set, and the machine suspended, while
# connections live.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/abuse.sh"

NO_TRACE=1
POWER=/sys/power

# Each time in each list is a number, not negative, and no longer than the
# machine is up: in ms. Where nothing is known is a dash.
expect_sane_times()
{
	local file up

	read -r up _ </proc/uptime
	for file in connections timewait history listeners; do
		awk -v up="${up%.*}" -v file="$file" '
			NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
			{
				for (i = 1; i <= NF; i++)
					if (name[i] ~ /_MS$/ && $i != "-" &&
					    ($i !~ /^[0-9]+([.][0-9]+)?$/ ||
					     $i / 1000 > up + 2))
						print file ": " name[i] "=" $i
			}' "$PROC/$file"
	done >"$TMP/absurd"
	[ ! -s "$TMP/absurd" ] || fail "$(head -n 3 "$TMP/absurd")"
}

# set_clock SECONDS: by so many, which may be negative
set_clock()
{
	TZ=UTC0 date -s "@$((EPOCHSECONDS + $1))" >"$TMP/date" || die "no clock"
}

# A66_life SECONDS SUFFIX PORT: two seconds established, the clock set in the
# middle; two seconds half closed, the clock set back there.
A66_life()
{
	connected "$3" "$2"
	pass 1
	set_clock "$1"
	expect_sane_times
	pass 1
	act cli close "c$2"
	pass 1
	set_clock "$((-$1))"
	expect_sane_times
	pass 1
	act srv eof "s$2"
	act srv close "s$2"
	PORTS+=("$CP:$3")
}

# Ten years back and on, to a time when there was no TCP, and by seconds. That
# commands take part of a second is the host's fault.
test_A66()
{
	local -a PORTS=()
	local ports

	# What it needs of the host, it has from now on: see lib/memory.sh.
	set_clock 0
	A66_life -315360000 a 5001
	A66_life 315360000 b 5002
	A66_life $((10000000 - EPOCHSECONDS)) c 5003
	A66_life -1 d 5004
	A66_life 1 e 5005
	pass 65
	expect_sane_times
	for ports in "${PORTS[@]}"; do
		record history cli "${ports%:*}" "${ports#*:}"
		expect_between "established for ms" "${R[ESTABLISHED_MS]}" \
			2000.000 2600.000
		expect_between "FIN_WAIT2 for ms" "${R[FIN_WAIT2_MS]}" \
			2000.000 2600.000
		expect_between "TIME_WAIT for ms" "${R[TIME_WAIT_MS]}" \
			59900.000 64000.000
	done
	expect_stats alive=0 end_fin=10
	abused
}

# All the time, under load. The history is short: it is looked through each time.
# shellcheck disable=SC2034 # by its name, in run_one()
ARGS_A67='history=50'
test_A67()
{
	local i

	load_start mix 0
	for ((i = 0; i < $(size 1000 8); i++)); do
		set_clock $((i % 2 ? 3600 : -3601))
		pass 0.05
		expect_sane_times
	done
	agent_stop load
	set_clock $((i / 2))
	expect_sane_times
	pass 65
	expect_sane_times
	abused
}

# A68_suspend LEVEL: as deep as that, for the five seconds that the kernel takes.
# Not every machine can do each.
A68_suspend()
{
	echo "$1" >"$POWER/pm_test" || return
	echo mem >"$POWER/state" 2>"$TMP/suspend" || {
		ktap_print_msg "suspend to $1: $(<"$TMP/suspend")"
		return 1
	}
	dmesg | grep -q 'suspend debug: Waiting' ||
		{ fail "the test level $1 was not reached"; return 1; }
	DEEPEST=$1
}

# suspend_levels: how deep. The driver of virtio's 9P cannot be suspended: below the
# freezer a root file system of that kind does not come back.
suspend_levels()
{
	if compgen -G '/sys/bus/virtio/drivers/9pnet_virtio/virtio*' >"$TMP/9p"; then
		echo freezer
	else
		echo freezer devices platform processors core
	fi
}

# Connections that live on over a suspend have lived that long, or not: nobody
# sleeps in the tests of suspend, and the clock goes on. They end as others do.
test_A68()
{
	local level

	[ -w "$POWER/pm_test" ] || skip "no $POWER/pm_test"
	grep -qw mem "$POWER/state" || grep -qw freeze "$POWER/state" ||
		skip "nothing to suspend to"
	DEEPEST=
	connected 5001
	load_start mix 0
	for level in $(suspend_levels); do
		grep -qw "$level" "$POWER/pm_test" || continue
		dmesg -C
		A68_suspend "$level" || break
		expect_sane_times
		act cli send c 10
		act srv recv s 10
	done
	echo none >"$POWER/pm_test"
	[ -n "$DEEPEST" ] || skip "this machine cannot be suspended"
	ktap_print_msg "suspended as deep as: $DEEPEST"
	agent_stop load
	act cli close c
	act srv eof s
	act srv close s
	pass 65
	record history cli "$CP" 5001
	expect_fields END=fin
	expect_sane_times
	abused
}

run_tests \
	A66 "the clock is set back and on while connections live" \
	A67 "the clock is set all the time under traffic" \
	A68 "suspend to what pm_test can do here, the freezer at least"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: -t 1800
#
# The screen of tcplife top, and its keys.

. "$(dirname "$0")/lib.sh"

HELPERS="$NL_HELPERS"

# press KEY...: as tmux calls them
press()
{
	tmux_do send-keys -t top -- "$@"
}

# rows_are "PORT...": the listeners on the screen, from above
rows_are()
{
	tmux_do capture-pane -p -t top >"$TMP/screen"
	[ "$(sed -n 's/^ *\(500[0-9]\) 10\..*/\1/p' "$TMP/screen" |
		paste -sd ' ')" = "$1" ]
}

rows_become()
{
	wait_until 60 rows_are "$1" ||
		fail "listeners are not $1: $(<"$TMP/screen")"
}

screen_lacks()
{
	! screen_has "$1"
}

# no_longer PATTERN: it leaves the screen soon
no_longer()
{
	wait_until 60 screen_lacks "$1" || fail "top still shows '$1'"
}

# Two wait for accept() of 5002, and nobody of the others.
test_R30()
{
	need_reader
	act srv listen la "$SRV" 5001 10
	act srv listen lb "$SRV" 5002 10
	act srv listen lc "$SRV" 5003 10
	act cli connect w1 "$SRV" 5002
	act cli connect w2 "$SRV" 5002
	tmux_start
	screen '3 listeners, by accept queue;'
	R30_sort
	R30_filter
	R30_modes
	R30_open
	R30_event_filter
	press q
	screen 'ended 0'
	tmux_do kill-server
	expect_eq "top on stderr" "$(<"$TMP/top.err")" ""
}

R30_sort()
{
	local by

	rows_become "5002 5001 5003"
	for by in 'SYN queue' 'SYNs a second' 'accepts a second' drops port; do
		press s
		screen "by $by;"
	done
	rows_become "5001 5002 5003"
	press r
	screen 'by port, reversed;'
	rows_become "5003 5002 5001"
	press s
	screen 'by accept queue, reversed;'
	press r
	rows_become "5002 5001 5003"
}

R30_filter()
{
	press f
	screen '^filter '
	press 50x BSpace 03 Enter
	screen 'top .* filter: 5003'
	rows_become 5003
	press /
	screen '^filter '
	press 1 Escape
	no_longer '^filter '
	screen 'top .* filter: 5003'
	press f
	screen '^filter '
	press Enter
	rows_become "5002 5001 5003"
}

R30_modes()
{
	press p
	screen ' PAUSED'
	act cli connect w3 "$SRV" 5001
	pass 3
	screen '^ *5001 .* 0 \.\.\.\.\.    0 '
	press p
	no_longer PAUSED
	screen '^ *5001 .* 0 \.\.\.\.\.    1 #'
	press +
	screen 'every 2 s'
	press -
	screen 'every 1 s'
	press -
	screen 'every 0.5 s'
	press h
	screen 'any key: back'
	press x
	screen 'by accept queue'
}

# A failure as its ladder; it is the same one when another came meanwhile.
R30_open()
{
	local port

	for port in 5007 5008 5009; do
		no_answer "$port"
		screen "refused .* > 10.7.0.2:$port"
	done
	press Tab Down Enter
	screen 'a connection ' 'remote 10.7.0.2:5008'
	no_answer 5006
	press q
	screen 'refused .* > 10.7.0.2:5006'
	press Enter
	screen 'remote 10.7.0.2:5008'
	press q
	screen 'by accept queue'
	press Home Enter
	screen 'remote 10.7.0.2:5006'
	press q
	screen 'by accept queue'
	press Tab Enter
	screen 'a listener ' '^accept queue +2 now, 2 at most' '^accepted +0'
	press q
	screen 'by accept queue'
}

# Set and removed while top is there.
R30_event_filter()
{
	! screen_has FILTERED || fail "FILTERED without a filter"
	reads 0 filter --failures
	screen ' FILTERED'
	reads 0 filter --clear
	no_longer FILTERED
}

run_tests \
	R30 "each key of top, and the event filter on its screen"

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a row of the catalogue printed, kept for Documentation/lifecycle.rst: for
# each test that passed, with SHOTS=1 in the environment, in build/shots.

# H16 has the one that matters at the eleventh place.
SHOT_RECORDS=12

# Of all tests: what is no event, or the same in each.
SHOT_QUIET='^(alive|born|ended|now_listen|record_bytes|.*_max)='

# Counters that moved since the module was loaded, which was for this test. It is
# not since stats_start: what was open then would end without having begun.
shot_counters()
{
	local name

	stats_read
	echo "@ counters"
	for name in "${!STAT[@]}"; do
		[ "${STAT[$name]}" = 0 ] || echo "$name=${STAT[$name]}"
	done | grep -vE "$SHOT_QUIET" | sort
}

# Columns of each listener that are not 0, or not its names.
shot_listeners()
{
	sort -k 4,4n "$PROC/listeners" | awk '
		NR == 1 { split($0, name); next }
		{ printf "@ listener %s:%s\n", $3, $4
		  for (i = 7; i <= NF; i++)
			if ($i != "0" && $i != "-")
				print name[i] "=" $i }'
}

# The first records, in the order of their sockets' birth.
shot_records()
{
	local cookie

	cookies_by_birth | head -n "$SHOT_RECORDS" | while read -r cookie; do
		echo "@ record"
		reads 0 show "$cookie"
		cat "$TMP/out"
	done
}

# shot ID
shot()
{
	local dir=$SELFTESTS/../build/shots

	[ -n "${SHOTS-}" ] && [ "$FAILED" = 0 ] && [ -e "$PROC/stats" ] &&
		[[ $1 == [HT][0-9][0-9] ]] && reader_find || return 0
	mkdir -p "$dir"
	{
		shot_counters
		shot_listeners
		shot_records
	} >"$TMP/shot"
	mv "$TMP/shot" "$dir/$1.txt"
}

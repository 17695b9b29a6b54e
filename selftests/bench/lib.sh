# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the guest's parts of the bench share. They print lines of the form
#
#   raw MODE WHAT COUNT LOAD_NS BUSY_NS READS READ_BYTES LOST MISSED ALIEN
#
# where ALIEN is how many of what was made the module has not seen although
# nothing was lost: 0, or it does not see what it should.

PROC=/proc/tcplife

# counter NAME...: the sum; 0 for what is not there
counter()
{
	{ [ ! -e $PROC/stats ] || cat $PROC/stats; } | awk -v names=" $* " '
		index(names, " " $1 " ") { sum += $2 }
		END { printf "%d\n", sum }'
}

# counters NAME: what is lost, what the hooks missed, and NAME
counters()
{
	echo "$(counter lost_table_full lost_pool_empty)" \
		"$(counter hooks_missed)" "$(counter "$1")"
}

load_module()
{
	[ -e $PROC ] || insmod "$module"
}

# raw MODE WHAT LOST MISSED ALIEN, and what the load generator said as input
raw()
{
	awk -v mode="$1" -v what="$2" -v rest="$3 $4 $5" '
		{ print "raw", mode, what, $2, $4, $6, $8, $10, rest }'
}

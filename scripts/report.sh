# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What in a guest's log is a report of its kernel: an oops, a warning, what a
# checker found. Sourced by scripts/vm.

# What counts as a report, one extended regular expression a line. Not here
# because harmless under a clock that jumps or on a busy host: "clocksource:
# timekeeping watchdog", "workqueue: ... hogged CPU", "sched: RT throttling
# activated", "perf: interrupt took too long", and "loading out-of-tree
# module taints kernel".
REPORTS='(^|[^[:alnum:]_])BUG:
kernel BUG at
WARNING:
Oops(:| )
general protection fault
double fault
stack segment:
Unable to handle
divide error:
invalid opcode:
unable to handle
Kernel panic
KASAN:
KFENCE:
KCSAN:
UBSAN:
kmemleak: [0-9]+ new suspected memory leak
kmemleak: Kernel memory leak detector disabled
ODEBUG:
refcount_t:
list_add corruption
list_del corruption
possible circular locking
possible recursive locking
possible irq lock inversion
possible deadlock
inconsistent lock state
-safe -> .*-unsafe lock order
bad unlock balance
bad contention detected
held lock freed
lock held when returning to user space
locks? still held
Invalid wait context
suspicious RCU usage
scheduling while atomic
sleeping function called from invalid context
rcu:? INFO: .*(detected stalls|self-detected stall|detected expedited stalls)
rcu: .*kthread starved
soft lockup
hard LOCKUP
blocked for more than
Workqueue: .*still has refs
Bad page state
Bad rss-counter
Slab .*Objects remaining
invoked oom-killer'

# our_log LOG: without the data races that are the kernel's own: it has many, and
# means most of them. Each is a block between two lines of "=".
our_log()
{
	awk '
		function bar(line)
		{
			sub(/^\[ *[0-9.]+\] /, "", line)
			return line ~ /^=+\r?$/
		}
		function flush() { printf "%s", held; held = ""; race = 0 }
		race {
			held = held $0 "\n"
			ours = ours || /\[tcplife\]/
			if (!bar($0))
				next
			if (!ours)
				held = ""
			flush()
			next
		}
		held != "" && /BUG: KCSAN:/ {
			race = 1
			ours = /\[tcplife\]/
			held = held $0 "\n"
			next
		}
		{ flush() }
		bar($0) { held = $0 "\n"; next }
		{ print }
		END { flush() }' "$1"
}

# has_report LOG
has_report()
{
	our_log "$1" | grep -E -e "$REPORTS" >/dev/null
}

# show_report LOG KERNEL: what follows the first line that matched, and a few
# lines before.
show_report()
{
	note "the kernel of the guest ($2) reported:"
	our_log "$1" | awk -v from="$(our_log "$1" |
		grep -En -m 1 -e "$REPORTS" | cut -d : -f 1)" \
		'NR >= from - 3 && NR <= from + 150' >&2
}

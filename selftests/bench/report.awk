# SPDX-License-Identifier: GPL-2.0-only
#
# Turns the lines of selftests/bench/guest into tables for people and one line
# for each figure for scripts.

BEGIN {
	# What a hit costs before the module's own code: an empty handler of
	# that kind, hits counted, in this bench on 6.1.
	entry["tracepoint"] = 39
	entry["ftrace"] = 90
	entry["kprobe"] = 170
	entry["kretprobe"] = 420
	# What __x64_sys_umask() itself takes.
	umask = 12

	does["a"] = "a  client closes first"
	does["b"] = "b  server closes first"
	does["c"] = "c  one byte each way"
}

$1 == "raw" {
	raw()
	next
}
$1 == "hook" {
	if ($7 >= 0.005)
		hook()
	next
}
$1 == "handler" {
	handler()
	next
}
{
	print
}

END {
	if (rows)
		verdict()
	for (m = 1; m <= modes; m++)
		hook_tables(mode[m])
	exit bad
}

function raw(    cost, over)
{
	if (!rows++)
		printf "%-24s %-8s %9s %9s %8s %6s %9s\n", "mode", "what",
			"instr.", "added", "ratio", "reads", "KiB/read"
	cost = $6 / $4
	if ($3 == "none")
		base[$2] = cost
	printf "%-24s %-8s %9.0f", does[$2], $3, cost
	if ($3 != "none" && $2 in base) {
		over = cost - base[$2]
		printf " %+9.0f %8.4f", over, cost / base[$2]
		line[++lines] = sprintf("bench: %s %s %s %+.2f%% lost=%d missed=%d",
			kernel, $2, $3, 100 * over / base[$2], $9, $10)
	} else {
		printf " %9s %8s", "-", "-"
	}
	if ($3 == "read")
		printf " %6d %9.0f", $7, $8 / $7 / 1024
	print ""
	fflush()
	if ($9 || $10 || $11)
		bad = 1
	if ($11)
		line[++lines] = sprintf("bench: %s %s %s: %d endpoints without a record, none of them counted as lost",
			kernel, $2, $3, $11)
}

function verdict(    i)
{
	for (i = 1; i <= lines; i++)
		print line[i]
}

function add_mode(name)
{
	if (!(name in seen)) {
		seen[name] = 1
		mode[++modes] = name
	}
}

function hook()
{
	add_mode($2)
	hooks[$2] = hooks[$2] sprintf("%-22s %-32s %-10s %8.2f %8d %8.0f\n",
		$3, $5, $4, $7, entry[$4], $7 * entry[$4])
	sum[$2] += $7 * entry[$4]
}

function handler()
{
	add_mode($2)
	if ($3 == "__x64_sys_umask") {
		tracer[$2] = $5 - umask
		return
	}
	if ($4 < 0.005)
		return
	names[$2] = names[$2] " " $3
	calls[$2, $3] = $4
	ns[$2, $3] = $5
}

# How a hit comes to the module, then what the module does with it.
function hook_tables(m,    n, i, f, name, own)
{
	printf "\nmode %s\n", does[m]
	printf "%-22s %-32s %-10s %8s %8s %8s\n%s", "event", "symbol", "kind",
		"hits", "a hit", "in all", hooks[m]
	printf "%-66s %8s %8s %8s\n", "handler", "calls", "a call", "in all"
	n = split(names[m], name)
	for (i = 1; i <= n; i++) {
		f = name[i]
		own = ns[m, f] - tracer[m]
		printf "%-66s %8.2f %8.0f %8.0f\n", f, calls[m, f], own,
			calls[m, f] * own
		sum[m] += calls[m, f] * own
	}
	printf "%-66s %26.0f\n", "sum", sum[m]
}

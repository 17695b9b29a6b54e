# SPDX-License-Identifier: GPL-2.0-only
#
# Turns the lines of selftests/bench/guest into tables for people and one line
# for each figure for scripts.

BEGIN {
	# What a hit costs before the module's own code: an empty handler of
	# that kind, hits counted, in this bench on 6.1.
	entry["tracepoint"] = 39
	entry["ftrace"] = 69
	entry["kprobe"] = 170
	entry["kretprobe"] = 420
	# What __x64_sys_umask() itself takes.
	umask = 12

	does["a"] = "a  client closes first"
	does["b"] = "b  server closes first"
	does["c"] = "c  one byte each way"
	way["6"] = ", IPv6"
	way["v"] = ", veth"
	does["queue"] = "queue  SYN of a flood"
	does["once"] = "once  SYN, no retries"
	does["cookies"] = "cookies  SYN, cookie"
	does["bulk"] = "bulk  a megabyte"
	does["rr"] = "rr  request, response"
	does["lossy"] = "lossy  a megabyte"
	if (json)
		printf "[" >json
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
	if (json)
		print "\n]" >json
	if (rows)
		verdict()
	for (m = 1; m <= modes; m++)
		hook_tables(mode[m])
	exit bad
}

# One that has a title of its own, or a letter and what it goes over.
function mode_title(m)
{
	return m in does ? does[m] : does[substr(m, 1, 1)] way[substr(m, 2)]
}

function raw(    cost)
{
	if (!rows++)
		printf "%-30s %-8s %9s %9s %8s %6s %9s\n", "mode", "what",
			"instr.", "added", "ratio", "reads", "KiB/read"
	cost = $6 / $4
	printf "%-30s %-8s %9.0f", mode_title($2), $3, cost
	if ($3 == "sender")
		sender[$2] = cost
	if ($3 == "none")
		alone[$2] = cost
	if ($3 != "none" && $3 != "sender" && $2 in alone)
		added(cost - alone[$2], alone[$2] - sender[$2])
	else
		printf " %9s %8s", "-", "-"
	if ($3 == "read")
		printf " %6d %9.0f", $7, $8 / $7 / 1024
	print ""
	fflush()
	if ($9 || $10 || $11)
		bad = 1
	if ($11)
		line[++lines] = sprintf("bench: %s %s %s: %d not seen, none of them counted as lost",
			kernel, $2, $3, $11)
}

# The base is what the kernel and the programs need; the sender of a flood is
# not in it.
function added(over, base)
{
	printf " %+9.0f %8.4f", over, 1 + over / base
	line[++lines] = sprintf("bench: %s %s %s %+.2f%% lost=%d missed=%d",
		kernel, $2, $3, 100 * over / base, $9, $10)
	if (json)
		printf "%s\n{\"kernel\": \"%s\", \"mode\": \"%s\", \"what\": \"%s\", \"base\": %.1f, \"added\": %.1f, \"percent\": %.3f, \"lost\": %d, \"missed\": %d}",
			results++ ? "," : "", release, $2, $3, base, over,
			100 * over / base, $9, $10 >json
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
	printf "\nmode %s\n", mode_title(m)
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

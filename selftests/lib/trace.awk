# SPDX-License-Identifier: GPL-2.0-only
#
# Segments as pcapseg prints them to facts about the connection between
# ca:cp and sa:sp; lib/trace.sh says which. One "key value" a line.

# Sequence numbers wrap.
function distance(a, b,    d)
{
	d = (a - b) % 4294967296
	if (d < 0)
		d += 4294967296
	return d < 2147483648 ? d : d - 4294967296
}

function us(stamp,    part)
{
	split(stamp, part, ".")
	return part[1] * 1000000 + part[2]
}

function event(key)
{
	count[key]++
	fact[key "." count[key]] = sprintf("%.0f", us($1))
}

function options(d)
{
	if ((d, "isn") in seen)
		return
	seen[d, "isn"] = 1
	fact[d ".isn"] = $7
	fact[d ".syndata"] = $9
	fact[d ".win"] = $10
	fact[d ".mss"] = $11
	fact[d ".wscale"] = $12
	fact[d ".sack"] = $13
	fact[d ".ts"] = $14 == "-" ? "-" : "ts"
	end[d] = $7 + 1
}

function payload(d)
{
	event(d ".data")
	if (distance($7 + $9, end[d]) > 0) {
		fact[d ".bytes"] += distance($7 + $9, end[d])
		end[d] = $7 + $9
	} else {
		count[d ".retr"]++
	}
}

function fin(d)
{
	event(d ".fin")
	if (!((d ".finseq") in fact))
		fact[d ".finseq"] = sprintf("%.0f", ($7 + $9) % 4294967296)
}

function acked(peer)
{
	if ((peer ".finseq") in fact && !((peer ".finacked") in fact) &&
	    distance($8, fact[peer ".finseq"]) > 0)
		fact[peer ".finacked"] = sprintf("%.0f", us($1))
}

$2 == ca && $3 == cp && $4 == sa && $5 == sp { d = "c"; peer = "s" }
$2 == sa && $3 == sp && $4 == ca && $5 == cp { d = "s"; peer = "c" }
d != "" {
	count[d ".segs"]++
	if ($6 ~ /S/) {
		event(d ($6 ~ /A/ ? ".synack" : ".syn"))
		options(d)
	}
	if ($6 ~ /R/)
		event(d ".rst")
	if ($9 > 0 && $6 !~ /S/)
		payload(d)
	if ($6 ~ /F/)
		fin(d)
	if ($6 == "A" && $9 == 0)
		event(d ".ack")
	if ($6 ~ /A/)
		acked(peer)
	d = ""
}

END {
	for (key in count)
		print key, count[key]
	for (key in fact)
		print key, fact[key]
}

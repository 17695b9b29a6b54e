# SPDX-License-Identifier: GPL-2.0-only
#
# One kernel's output of scripts/guest/selftests and scripts/vm as one KTAP
# sequence: headers of the single scripts go, numbers run through, whatever
# else was printed is a comment. A test that was announced and did not come, a
# script that ended badly with nothing failed, and a VM that failed are one
# failure each, with a line of its own, and so is a test that was asked for by its
# id and did not come. The last line is "#@ total P F S".
#
# Variables: all (TESTS left nothing out: no script and no catalogue row may
# be skipped); tests (else the ids).

function result(ok, text)
{
	number++
	print (ok ? "ok " : "not ok ") number " " text
	fflush()
}

function failure(text)
{
	failed++
	result(0, text)
}

# A row of the catalogue may not be skipped: its kernel could run it.
function skip(text)
{
	if (all && text ~ /^[A-Z][0-9][0-9] /) {
		sub(/# *SKIP */, "(may not be skipped) ", text)
		return failure(text)
	}
	skipped++
	result(1, text)
}

function test_line(ok, line,	text)
{
	seen++
	text = line
	sub(/^(not )?ok *[0-9]* *(- )?/, "", text)
	came[substr(text, 1, index(text " ", " ") - 1)] = 1
	if (!ok) {
		here++
		failure(text)
	} else if (toupper(text) ~ /# *SKIP/) {
		skip(text)
	} else {
		passed++
		result(1, text)
	}
}

function end_script(status,	i)
{
	for (i = seen; i < plan; i++)
		failure(script ": test " i + 1 " of " plan " did not come")
	if (plan == -1 && (all || seen || status != 0))
		failure(script ": no plan")
	else if (seen > plan && plan >= 0)
		failure(script ": " seen " tests, " plan " planned")
	else if (status != 0 && status != 4 && !here && seen >= plan)
		failure(script ": ended with status " status)
	script = ""
}

BEGIN { print "TAP version 13" }

# A carriage return comes from tools that think this is a terminal.
{ sub(/\r$/, "") }

/^#@ begin / {
	script = $3
	plan = -1
	seen = here = 0
	next
}

/^#@ end / {
	end_script($4)
	next
}

# The VM ended: in the middle of a script, or before those that it owed.
/^#@ vm / {
	if (script != "")
		end_script("none, the VM ended first")
	if ($3 != 0)
		failure("VM: status " $3 \
			($3 == 124 ? ", time limit" : "") \
			($3 == 125 ? ", report or early end" : ""))
	next
}

/^(K?TAP version|# Totals:)/ { next }

/^1\.\.[0-9]+/ {
	plan = substr($1, 4) + 0
	if (plan == 0 && all)
		failure(script ": nothing was run: " $0)
	else if (plan == 0 && /#/)
		print "# " script ": " $0
	next
}

/^ok( |$)/ { test_line(1, $0); next }
/^not ok( |$)/ { test_line(0, $0); next }

/^Bail out!/ { failure(script ": " $0); next }

/^[[:space:]]*$/ { next }
{ print (/^#/ ? "" : "# ") $0; fflush() }

END {
	n = split(tests, asked, " ")
	for (i = 1; i <= n; i++)
		if (!(asked[i] in came))
			failure(asked[i] " did not come")
	print "1.." number + 0
	print "#@ total", passed + 0, failed + 0, skipped + 0
}

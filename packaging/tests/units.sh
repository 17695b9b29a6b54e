#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The systemd unit, as systemd's own tools see it, and the examples beside it.

. "$(dirname "$0")/lib.sh"

UNIT=tcplife-metrics.service
# Of what systemd-analyze security counts, in percent; what is left is the network,
# for which it is there, and CAP_NET_ADMIN.
EXPOSURE=14

# The unit where it is installed: in a root of its own, with the program it starts.
install_unit()
{
	root=$TMP/root
	expect_success "make install" make -C packaging install DESTDIR="$root" \
		PREFIX=/usr
	unit=$root/usr/lib/systemd/system/$UNIT
}

test_P30()
{
	local root unit dir

	install_unit
	# Targets and the like come from the host's systemd.
	for dir in /usr/lib/systemd/system /lib/systemd/system; do
		[ ! -d "$dir" ] || cp -n "$dir"/*.target "$dir"/*.slice \
			"$dir"/*.socket "${unit%/*}/" 2>/dev/null || :
	done
	SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --root="$root" \
		--man=no "$UNIT" >"$TMP/verify" 2>&1 ||
		fail "systemd-analyze verify: status $?"
	expect_eq "systemd-analyze verify" "$(grep -F tcplife "$TMP/verify")" ""
}

# directive NAME: its value in the unit
directive()
{
	sed -n "s/^$1=//p" "packaging/systemd/$UNIT"
}

test_P31()
{
	local root unit said

	install_unit
	said=$(systemd-analyze security --offline=yes --root="$root" \
		--no-pager --threshold=$EXPOSURE "$UNIT" 2>&1) || fail "systemd-analyze security: $(tail -n 1 <<<"$said")"
	expect_eq "capabilities" \
		"$(directive AmbientCapabilities):$(directive CapabilityBoundingSet)" \
		CAP_NET_ADMIN:CAP_NET_ADMIN
	expect_eq "DynamicUser" "$(directive DynamicUser)" yes
	expect_eq "ProtectSystem" "$(directive ProtectSystem)" strict
}

# What depends on these names: /etc/modules-load.d has modules, modprobe reads the
# other.
test_P32()
{
	expect_eq "modules-load.d" \
		"$(grep -v '^#' packaging/modules-load.d/tcplife.conf)" tcplife
	expect_eq "in force" "$(grep -v '^#' packaging/modprobe.d/tcplife.conf)" ""
	sed 's/^#\(options\|blacklist\)/\1/' packaging/modprobe.d/tcplife.conf \
		>"$TMP/modprobe.conf"
	modprobe -C "$TMP/modprobe.conf" --showconfig >"$TMP/shown" 2>&1
	expect_line "$TMP/shown" '^blacklist tcplife$'
	expect_line "$TMP/shown" '^options tcplife [a-z_]+=[0-9]+ [a-z]+=[0-9]+$'
}

# Parameters of the example that the module has.
test_P33()
{
	local name

	for name in $(sed -n 's/^#options tcplife //p' \
		packaging/modprobe.d/tcplife.conf | tr ' ' '\n' |
		sed 's/=.*//'); do
		grep -qE "^module_param(_named|_cb)?\($name," module/*.c ||
			fail "the module has no parameter $name"
	done
}

run_tests \
	P30 "systemd-analyze verify has nothing to say" \
	P31 "systemd-analyze security: exposed by $EXPOSURE % at most" \
	P32 "the examples are what systemd and modprobe read" \
	P33 "the example of parameters names those there are"

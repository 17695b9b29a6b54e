#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make install, modules-install and the way back, below a DESTDIR.

. "$(dirname "$0")/lib.sh"

# packaging TARGET DESTDIR [VARIABLE]...
packaging()
{
	expect_success "make $1" make -C packaging "$1" DESTDIR="$2" "${@:3}"
}

# files DIR: those in it, and folders of ours, which nobody else would have made
files()
{
	(cd "$1" && find . ! -type d -o -name '*tcplife*' | sort)
}

# expect_mode FILE MODE
expect_mode()
{
	expect_eq "mode of ${1#"$TMP"}" "$(stat -c %a "$1" 2>&1)" "$2"
}

# A path with a blank has to do, and a file of somebody else stays.
test_P20()
{
	local dir="$TMP/a folder" man

	mkdir -p "$dir/usr/bin"
	echo other >"$dir/usr/bin/other"
	files "$dir" >"$TMP/before"
	packaging install "$dir" PREFIX=/usr
	expect_mode "$dir/usr/bin/tcplife" 755
	expect_eq "tcplife --version" "$("$dir/usr/bin/tcplife" --version)" \
		"tcplife $(scripts/version)"
	expect_mode "$dir/usr/share/bash-completion/completions/tcplife" 644
	expect_mode "$dir/usr/share/zsh/site-functions/_tcplife" 644
	expect_mode "$dir/usr/lib/systemd/system/tcplife-metrics.service" 644
	for man in packaging/man/*.[1-9]; do
		[ ! -e "$man" ] || expect_mode \
			"$dir/usr/share/man/man${man##*.}/${man##*/}" 644
	done
	for man in modules-load.d modprobe.d; do
		expect_mode "$dir/usr/share/doc/tcplife/examples/$man/tcplife.conf" \
			644
	done
	packaging uninstall "$dir" PREFIX=/usr
	files "$dir" >"$TMP/after"
	expect_silent "left" diff "$TMP/before" "$TMP/after"
}

# Without PREFIX; and the unit starts what was installed.
test_P21()
{
	packaging install "$TMP/local"
	expect_mode "$TMP/local/usr/local/bin/tcplife" 755
	expect_line "$TMP/local/usr/local/lib/systemd/system/tcplife-metrics.service" \
		'^ExecStart=/usr/local/bin/tcplife metrics '
	expect_eq "files elsewhere" "$(find "$TMP/local" ! -type d \
		! -path "$TMP/local/usr/local/*")" ""
	packaging uninstall "$TMP/local"
	expect_eq "left" "$(files "$TMP/local")" ""
}

test_P22()
{
	local release dir=$TMP/modules

	release=$(scripts/kernel release 6.1)
	mkdir -p "$dir/lib/modules/$release"
	cp "$(scripts/kernel root 6.1)/lib/modules/$release"/modules.{order,builtin} \
		"$dir/lib/modules/$release/"
	expect_success "make modules-install" make modules-install KERNEL=6.1 \
		DESTDIR="$dir"
	expect_eq "modprobe" "$(modprobe -d "$dir" -S "$release" \
		--show-depends tcplife)" \
		"insmod $dir/lib/modules/$release/updates/tcplife.ko "
	expect_success "make modules-uninstall" make modules-uninstall \
		KERNEL=6.1 DESTDIR="$dir"
	expect_eq "left" "$(find "$dir" -name '*tcplife*' -o -name updates;
		grep -rl tcplife "$dir")" ""
}

run_tests \
	P20 "install and uninstall below DESTDIR leave nothing" \
	P21 "without PREFIX all goes to /usr/local" \
	P22 "modules-install puts the module where modprobe finds it"

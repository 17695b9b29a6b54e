#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The Debian packages: built, found fault with, and lived with in a clean Debian,
# through the upgrade of its kernel, until they are purged.

. "$(dirname "$0")/lib.sh"

# comm and sort have to agree.
export LC_ALL=C

RELEASE=bookworm
OLD=6.1
NEW=6.12
CACHE=$BUILD/chroots/$RELEASE.debs

# for_chroot PACKAGE...: what would be installed there, where less is than here
for_chroot()
{
	local APT=(-o "Dir::State::status=$BUILD/chroots/$RELEASE/var/lib/dpkg/status")

	apt_closure "$@" | sort -u
}

# headers KERNEL: their packages
headers()
{
	for_chroot "linux-headers-$(scripts/kernel release "$1")"
}

# get FOLDER PACKAGE...: links to what has been downloaded once
get()
{
	local folder=$1 package version file

	shift
	mkdir -p "$CACHE" "$folder"
	for package; do
		version=$(apt-cache policy "$package" |
			sed -n 's/^  Candidate: //p')
		file=$CACHE/${package}_${version//:/%3a}
		if ! compgen -G "${file}_*.deb" >/dev/null; then
			rm -f "$CACHE/${package}_"*.deb
			apt_download "$CACHE" "$package"
		fi
		ln "${file}_"*.deb "$folder/"
	done
}

# of_kernel [-v]: those of a list of packages that come and go with a kernel
of_kernel()
{
	grep "$@" -E '^linux-(image|headers|kbuild)-' || :
}

# What the result of living with them depends on: packages of the same tree are the
# same.
digest()
{
	cat build/deb/tcplife_*.deb build/deb/tcplife-dkms_*.deb scripts/dkms \
		packaging/tests/clean-debian "$BUILD/kernels/$OLD/release" \
		"$BUILD/kernels/$NEW/release" | sha256sum
}

# Lives with them once, for all tests: what they look at is in $WORK then. The new
# kernel's headers bring the kernel.
WORK=$BUILD/deb-tried
live()
{
	local name old new ours

	rm -rf "$WORK"
	mkdir -p "$WORK"
	for name in $OLD $NEW; do
		scripts/kernel get "$name"
	done
	scripts/suite run "$RELEASE" true
	old=$(headers $OLD)
	new=$(headers $NEW | grep -vxF "$old")
	ours=$(for_chroot ./build/deb/tcplife_*.deb | grep -vx tcplife || :)
	# shellcheck disable=SC2046,SC2086 # lists of words
	get "$WORK/debs" $old $(printf '%s\n' $ours $new | sort -u |
		of_kernel -v | grep -vxF "$old")
	# shellcheck disable=SC2046 # a list of words
	get "$WORK/new" $(of_kernel <<<"$new")
	scripts/suite try "$RELEASE" packaging/tests/clean-debian "$WORK" \
		"$(scripts/kernel release $OLD)" \
		"$(scripts/kernel release $NEW)" >"$WORK/log" 2>&1
}

# The test needs that they have been lived with to the end.
need_life()
{
	[ -e "$WORK/done" ] ||
		die "not lived with: $(tail -n 5 "$WORK/log" 2>&1)"
}

# dev_package LIBRARY: whose it is, as -lLIBRARY
dev_package()
{
	dpkg -S "$(realpath "$(gcc -print-file-name="lib$1.so")")" \
		"$(gcc -print-file-name="lib$1.so" | xargs realpath -s)" \
		2>/dev/null | sed 's/:.*//' | grep -e '-dev$' | head -n 1
}

# What the reader links to has to be there when it is built elsewhere.
test_P40()
{
	local library package version

	version=$(scripts/version)
	for package in tcplife-dkms_${version}_all tcplife_${version}_amd64; do
		[ -e "build/deb/$package.deb" ] || fail "no $package.deb"
	done
	for library in $(make -s -C reader -p -n 2>/dev/null |
		sed -n 's/^LDLIBS *:\?= *//p' | tr ' ' '\n' | sed -n 's/^-l//p'); do
		package=$(dev_package "$library")
		case $package in
		libc6-dev | '') ;;
		*) expect_line debian/control "^(Build-Depends:)? $package(,|\$)" ;;
		esac
	done
	expect_eq "contents that are not ours" "$(dpkg-deb -c \
		build/deb/tcplife-dkms_*.deb | grep -cE '\.(o|ko|cmd)$')" 0
}

test_P41()
{
	local tags

	tags=$(lintian --allow-root --fail-on none \
		--tag-display-limit 0 build/deb/*.changes 2>&1 |
		grep -E '^[EW]: |^[^NIPXO]: ' || :)
	[ -z "$tags" ] || fail "lintian: $tags"
}

test_P42()
{
	local release version

	need_life
	version=$(scripts/version)
	release=$(scripts/kernel release $OLD)
	expect_eq "dkms status" "$(<"$WORK/installed.status")" \
		"tcplife/$version, $release, x86_64: installed"
	expect_line "$WORK/old.modinfo" "^version: +${version//./\\.}\$"
	expect_line "$WORK/old.modinfo" "^vermagic: +$release "
	expect_eq "tcplife --version" "$(<"$WORK/version")" "tcplife $version"
	expect_line "$WORK/installed.files" '^f /usr/bin/tcplife$'
}

test_P43()
{
	local release

	need_life
	release=$(scripts/kernel release $NEW)
	expect_line "$WORK/upgraded.status" \
		"^tcplife/.*, $(scripts/kernel release $OLD), .*: installed\$"
	expect_line "$WORK/upgraded.status" \
		"^tcplife/.*, ${release//+/\\+}, .*: installed\$"
	expect_line "$WORK/new.modinfo" "^vermagic: +${release//+/\\+} "
}

# left STEP: what is there that was not; but for what came with the new kernel and its
# headers, dpkg's and apt's own files, the key that DKMS makes with the first module
# that it signs, and the kernels' index of modules, which depmod writes anew. Debian
# has /lib in /usr/lib.
left()
{
	local release

	release=$(scripts/kernel release $NEW)
	release=${release//+/\\+}
	comm -13 "$WORK/clean.files" "$WORK/$1.files" |
		grep -vE -e ' /var/lib/(dpkg|apt|dkms/mok\.)' \
			-e ' /var/(log|cache)(/|$)' \
			-e " /boot/initrd.img-$release\$" \
			-e ' /(initrd\.img|vmlinuz)(\.old)?$' \
			-e " /var/lib/initramfs-tools(/$release)?\$" \
			-e ' (/usr)?/lib/modules/[^/]+/modules\.' |
		grep -vxFf <(sed 's,^/lib/,/usr/lib/,; s/^/d /p; s/^d /f /p
			s/^f /l /' "$WORK/new.files") | head -n 20
}

test_P44()
{
	need_life
	expect_eq "dkms status after remove" "$(<"$WORK/removed.status")" ""
	# What systemd's helper keeps of a unit until it is purged.
	expect_eq "left after remove" "$(left removed |
		grep -v ' /var/lib/systemd/deb-systemd-helper-enabled/')" ""
	expect_eq "left after purge" "$(left purged)" ""
	expect_eq "gone after purge" "$(comm -23 "$WORK/clean.files" \
		"$WORK/purged.files" | head -n 20)" ""
}

test_P45()
{
	local release

	need_life
	release=$(scripts/kernel release $NEW)
	expect_eq "dkms status" "$(<"$WORK/dkms-installed.status")" \
		"tcplife/$(scripts/version), $release, x86_64: installed"
	expect_line "$WORK/by-hand.modinfo" "^vermagic: +${release//+/\\+} "
	expect_eq "dkms status after uninstall" \
		"$(<"$WORK/dkms-uninstalled.status")" ""
	expect_eq "left after uninstall" "$(left dkms-uninstalled)" ""
}

# in_vm SCRIPT: with the module and the packaged reader
in_vm()
{
	need_life
	[ -e "$WORK/root" ] ||
		dpkg-deb -x build/deb/tcplife_*_amd64.deb "$WORK/root"
	expect_success "in a VM of $NEW" scripts/vm -k $NEW -- \
		"packaging/tests/$1" "$WORK/new" "$WORK/root"
}

test_P46()
{
	in_vm vm-module
}

test_P47()
{
	in_vm vm-unit
}

# one_wanted ID...
one_wanted()
{
	local id

	for id; do
		! wanted "$id" || return 0
	done
	return 1
}

# What the tests look at takes long to make.
make_packages()
{
	cd "$TOP" || exit
	mkdir -p "$BUILD"
	one_wanted P40 P41 P42 P43 P44 P45 P46 P47 || return 0
	scripts/deb >"$BUILD/deb.log" 2>&1 || { cat "$BUILD/deb.log"; exit 1; }
	one_wanted P42 P43 P44 P45 P46 P47 || return 0
	[ "$(cat "$WORK/done" 2>/dev/null)" != "$(digest)" ] || return 0
	live && digest >"$WORK/done"
}

make_packages
run_tests \
	P40 "packages are built, of what debian/control says" \
	P41 "lintian finds no error and no warning" \
	P42 "in a clean Debian they install, and DKMS builds for $OLD" \
	P43 "headers of $NEW come, and DKMS builds for it by itself" \
	P44 "after remove and purge nothing is left" \
	P45 "make dkms-install and dkms-uninstall do the same" \
	P46 "what DKMS built for $NEW runs there, with the packaged reader" \
	P47 "the packaged unit runs sandboxed in systemd, and answers"

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the scripts in this folder share. Sourced, never run.

# The repository's top folder, as the physical path: the guest mounts it
# under this name and kbuild resolves links anyway.
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck disable=SC2034 # used by those who source this file
BUILD=$TOP/build

note()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	note "$*"
	exit 1
}

# The head comment of a script is its help text, so the two cannot drift.
print_help()
{
	awk 'NR <= 2 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' \
		"$0"
}

is_debian()
{
	command -v apt-get dpkg-query >/dev/null
}

# The architecture of a kernel, by its name; in Debian's words.
arch_of()
{
	case $1 in
	*-arm64) echo arm64 ;;
	*) echo amd64 ;;
	esac
}

# programs_of NAME: the folder of programs that run with a kernel.
programs_of()
{
	case $(arch_of "$1") in
	amd64) echo "$BUILD" ;;
	*) echo "$BUILD/$(arch_of "$1")" ;;
	esac
}

# make_programs NAME TARGET...: the reader, what the targets in its folder say,
# and the helpers of the tests, for the machine of that kernel. Relative paths,
# as make knows no blanks in them.
make_programs()
{
	local name=$1 to=../build cc=()
	local sysroot=--sysroot=../build/kernels/$1/user

	shift
	case $(arch_of "$name") in
	arm64)
		to+=/arm64
		cc=(CC="aarch64-linux-gnu-gcc-12 $sysroot")
		;;
	esac
	make -s -j "$(nproc)" -C "$TOP/reader" "BUILD=$to" "${cc[@]}" "$@"
	make -s -j "$(nproc)" -C "$TOP/selftests" "OUTPUT=$to/selftests" \
		"${cc[@]}"
}

# Options that apt_for() adds to all commands of apt.
APT=()

# apt_for ARCH: from here on apt is about packages of that architecture, which
# is not this machine's, as if nothing were installed: with lists of its own, by
# the same sources. This machine's packages can be had, too, as NAME:amd64.
apt_for()
{
	local dir=$BUILD/apt/$1

	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	: >>"$dir/status"
	APT=(
		-o "APT::Architecture=$1"
		-o "APT::Architectures::=$1"
		-o "APT::Architectures::=$(dpkg --print-architecture)"
		-o "APT::Sandbox::User=root"
		-o "Dir::State=$dir" -o "Dir::State::status=$dir/status"
		-o "Dir::Cache=$dir/cache"
	)
	[ -e "$dir/lists/lock" ] || apt_update
}

# Somebody else's apt may hold a lock for a while. The list lock knows no
# waiting option, so that one is tried again.
apt_update()
{
	local try

	for try in 1 2 3 4 5 6; do
		apt-get -qq "${APT[@]}" -o Acquire::Retries=3 update && return
		[ "$try" = 6 ] || sleep 5
	done
	# One dead source among good ones is common and need not matter:
	# what is missing in the end is told by whoever asks for it.
	note "apt-get update had errors; going on with the lists at hand"
}

apt_install()
{
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		--no-install-recommends -o DPkg::Lock::Timeout=600 \
		-o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
		-o Dpkg::Options::=--force-confold install "$@"
}

# apt_download DIR PACKAGE...: fetch without installing. The sandbox user
# may not enter our folder; nothing is run here, so do without it.
apt_download()
{
	local dir=$1

	shift
	(cd "$dir" && apt-get -qq "${APT[@]}" -o APT::Sandbox::User=root \
		-o Acquire::Retries=3 download "$@")
}

# apt_closure PACKAGE...: what apt would install for the packages, they and what
# they need.
apt_closure()
{
	apt-get -s "${APT[@]}" --no-install-recommends install "$@" |
		sed -n 's/^Inst \([^ ]*\).*/\1/p'
}

# unpack_debs DIR TARGET
unpack_debs()
{
	local deb

	for deb in "$1"/*.deb; do
		dpkg -x "$deb" "$2" || return
	done
}

# vm_options SCRIPT: what it says about the VM it wants, on a line as
# "# vm: --clock wall -c 2".
vm_options()
{
	sed -n 's/^# vm:[[:space:]]*//p' "$1" | head -n 1
}

# sources_digest: what the result of the tests depends on, but for the compiler;
# nothing where git does not know.
sources_digest()
{
	local files

	files=$(git -C "$TOP" ls-files --cached --others --exclude-standard -- \
		Kbuild include module reader selftests scripts \
		Documentation/tcplife.rst Documentation/netlink) || return 0
	# One that was removed has no digest.
	{
		cd "$TOP" || exit
		xargs -d '\n' sha256sum <<<"$files" 2>/dev/null || :
	} | sha256sum | cut -c 1-16
}

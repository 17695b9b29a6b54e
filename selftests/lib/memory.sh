# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# In a VM whose clock is virtual and whose files are the host's, each open() of
# a file waits for the host, and while the guest waits its clock runs ahead to
# the next timer: by seconds or minutes. So in such a VM what tests run is
# moved into memory: copies on tmpfs are mounted over the files, once a boot.

MEMORY=/run/tcplife-selftests
TOOLS='awk bash cat chmod cmp cp cut date dd dmesg grep head insmod ip ls mkdir
	mkfifo modprobe mount mountpoint mv nft nsenter rm rmmod sed seq
	setpriv sh sleep sort ss stat tail tc tcpdump tr uniq unshare wc'
SETTINGS='/etc/ld.so.cache /etc/nsswitch.conf /etc/passwd /etc/group
	/etc/services /etc/protocols /etc/iproute2/* /usr/lib/iproute2/*
	/usr/share/iproute2/* /usr/lib/tc/* /usr/lib/*/tc/*'

# The programs, what they are linked with and what they look into.
memory_files()
{
	local tool file
	local -a files=()

	for tool in $TOOLS; do
		file=$(command -v "$tool") && files+=("$file")
	done
	{
		printf '%s\n' "${files[@]}"
		ldd "${files[@]}" "$TMP/pcapseg" |
			sed -n 's/^[^/]*\(\/[^ :]*\) (.*/\1/p'
		# shellcheck disable=SC2086 # patterns
		ls -d $SETTINGS 2>/dev/null
	} | xargs realpath | sort -u
}

# Are the files somewhere else?
memory_needed()
{
	case $(stat -f -c %T /usr/bin) in
	overlayfs | v9fs) [ ! -e "$MEMORY" ] ;;
	*) return 1 ;;
	esac
}

memory_mount()
{
	local -a files
	local file

	memory_needed || return 0
	mkdir -p "$MEMORY"
	mapfile -t files < <(memory_files)
	cp --parents "${files[@]}" "$MEMORY"
	for file in "${files[@]}"; do
		[ ! -f "$MEMORY$file" ] ||
			mount --bind "$MEMORY$file" "$file"
	done
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm: --secure-boot --append efi=runtime --clock wall -c 1 -m 1G
#
# Secure Boot, by a firmware that trusts a key which is here, too: the kernel takes
# the module if that has signed it, as Documentation/security.rst says, and no
# other. Kernels of PREEMPT_RT ask the firmware for its keys only if told to.

. "$(dirname "$0")/lib.sh"
. "$SELFTESTS/lib/locked.sh"

HELPERS="$NL_HELPERS"
KEYS=$PROGRAMS/secure-boot/$(uname -r)
SIGNED=/run/tcplife-selftests.signed

# sign KEY CERTIFICATE FILE: by the kernel's own program.
sign()
{
	"$SIGNER" sha256 "$1" "$2" "$3" || die "cannot sign"
}

find_signer()
{
	for SIGNER in "$PROGRAMS/kernels/${KERNEL-}/headers/scripts/sign-file" \
		"/lib/modules/$(uname -r)/build/scripts/sign-file"; do
		[ ! -x "$SIGNER" ] || return 0
	done
	skip_all "no sign-file of this kernel"
}

# All tests load one that is signed.
find_signed()
{
	[ -r "$KEYS/key.pem" ] || skip_all "no key that the firmware trusts"
	find_signer
	mkdir -p "$SIGNED"
	UNSIGNED=${TCPLIFE_KO:-$PROGRAMS/${KERNEL-none}/tcplife.ko}
	cp "$UNSIGNED" "$SIGNED/tcplife.ko" || skip_all "no $UNSIGNED"
	sign "$KEYS/key.pem" "$KEYS/cert.pem" "$SIGNED/tcplife.ko"
	export TCPLIFE_KO=$SIGNED/tcplife.ko
}

X12_other_key()
{
	openssl req -new -x509 -newkey rsa:2048 -sha256 -nodes -days 3650 \
		-subj "/CN=module key of a test/" \
		-addext extendedKeyUsage=codeSigning \
		-keyout "$TMP/MOK.priv" -out "$TMP/MOK.pem" 2>/dev/null ||
		die "no key"
	openssl x509 -in "$TMP/MOK.pem" -outform DER -out "$TMP/MOK.der"
	cp "$UNSIGNED" "$TMP/other.ko"
	sign "$TMP/MOK.priv" "$TMP/MOK.der" "$TMP/other.ko"
}

# One letter of what it says of itself.
X12_altered()
{
	sed 's/^\(.*TCP connection \)l/\1L/' "$MODULE" >"$TMP/altered.ko"
	! cmp -s "$MODULE" "$TMP/altered.ko" || die "nothing was altered"
}

test_X12()
{
	locked_mount
	dmesg | grep -q 'secureboot: Secure boot enabled' ||
		fail "Secure Boot is off"
	locked_works integrity 5001
	# 4096: it is not of the kernel's tree; 8192: it is not signed.
	expect_eq "signed" $(($(</proc/sys/kernel/tainted) & 12288)) 4096
	X12_other_key
	X12_altered
	locked_refuses "$UNSIGNED" "Key was rejected by service" \
		"unsigned module is rejected"
	locked_refuses "$TMP/other.ko" "Key was rejected by service" \
		"unavailable key is rejected"
	locked_refuses "$TMP/altered.ko" "Key was rejected by service"
}

! wanted X12 || find_signed
run_tests X12 "Secure Boot: the module is loaded when a trusted key has signed it"

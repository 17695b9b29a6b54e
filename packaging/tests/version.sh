#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The version, and what programs rely on from one version to the next.

. "$(dirname "$0")/lib.sh"

# The newest version that a list of changes names.
newest_change()
{
	sed -nE 's/^(## |tcplife \()([0-9][0-9.]*).*/\2/p' "$1" | head -n 1
}

test_P01()
{
	local version

	version=$(scripts/version)
	[[ $version =~ ^[0-9]+\.[0-9]+(\.[0-9]+)?$ ]] ||
		fail "scripts/version prints '$version'"
	expect_eq "CHANGELOG.md" "$(newest_change CHANGELOG.md)" "$version"
	expect_eq "debian/changelog" "$(newest_change debian/changelog)" "$version"
	# shellcheck disable=SC2016 # for the inner shell
	expect_eq "dkms.conf" \
		"$(bash -c '. ./dkms.conf; echo "$PACKAGE_VERSION"')" "$version"
	expect_eq "tcplife --version" "$(build/tcplife --version)" \
		"tcplife $version"
	expect_eq "places where it is written down" "$(git grep -lFw \
		"\"$version\"" -- include module reader Kbuild)" \
		include/tcplife/version.h
}

test_P02()
{
	expect_silent "scripts/abi" scripts/abi
}

# copy_tree: what scripts/abi reads
copy_tree()
{
	rm -rf "$TMP/tree"
	mkdir -p "$TMP/tree"
	cp -a --parents scripts/{abi,abi-numbers,check-proc-doc,lib.sh,version} \
		include Documentation/proc.rst Documentation/netlink packaging/abi \
		reader/schema.json "$TMP/tree"
}

# breach WANT FILE SED-SCRIPT: breaks a copy, which is noticed in these words; or,
# with '' to want, adds to it, which is not.
breach()
{
	local said status=0

	copy_tree
	sed -i -E "$3" "$TMP/tree/$2"
	! cmp -s "$2" "$TMP/tree/$2" || fail "'$3' changes nothing in $2"
	said=$("$TMP/tree/scripts/abi" 2>&1) || status=$?
	if [ -n "$1" ]; then
		expect_eq "status after '$3'" "$status" 1
		[[ $said == *"$1"* ]] || fail "after '$3': '$said', want '$1'"
	else
		expect_eq "scripts/abi after '$3'" "$status:$said" 0:
	fi
}

# shellcheck disable=SC2016 # proc.rst has backticks
test_P03()
{
	local uapi=include/uapi/linux spec=Documentation/netlink/specs/tcplife.yaml
	local schema=reader/schema.json

	breach 'TCPLIFE_END_REFUSED is gone' $uapi/tcplife.h \
		's/TCPLIFE_END_REFUSED/TCPLIFE_END_DECLINED/'
	breach 'TCPLIFE_END_REFUSED was 2, is 3' $uapi/tcplife.h \
		's/^(\tTCPLIFE_END_FIN),/\1,\n\tTCPLIFE_END_NEW,/'
	breach 'record/accepted was u64, is u32' $spec \
		'/name: accepted$/{n;s/u64/u32/}'
	breach 'flags is gone' $uapi/tcplife_compact.h \
		'/^\t__u32\tflags;$/d'
	breach 'stats: ended has moved' Documentation/proc.rst \
		's/^``ended``$/``new``\n    New.\n\n``ended``/'
	breach 'stats: imported is gone' Documentation/proc.rst \
		's/^``imported``$/``taken``/'
	breach 'compact: err was 108,4, is 104,4' $uapi/tcplife_compact.h \
		'/^\t__u32\tend;$/{d}'
	breach 'connections: NETNS is gone' Documentation/proc.rst \
		'0,/^  COOKIE NETNS/s/^  COOKIE NETNS/  COOKIE NS/'
	breach 'hooks: SYMBOL has moved' Documentation/proc.rst \
		's/^  EVENT KIND SYMBOL/  EVENT KIND MORE SYMBOL/'
	breach "no longer: An endpoint of a connection/cookie: string" $schema \
		'/"cookie": \{/,/\}/s/"string"/"integer"/'
	breach "no longer: An endpoint of a connection/event = history" $schema \
		'0,/"history"/s/"history"/"past"/'
	breach '' $uapi/tcplife.h \
		's/^(\tTCPLIFE_END_UNKNOWN,)/\1\n\tTCPLIFE_END_NEW,/'
	breach '' $uapi/tcplife_compact.h \
		's/^(\tchar\tcloser_comm.*)/\1\n\t__u64\tmore;/'
	breach '' $schema 's/^( +)("laddr": \{)/\1"new": {"type": "string"},\n\1\2/'
	breach '' Documentation/proc.rst \
		's/^(  EVENT KIND SYMBOL.*)/\1 MORE/'
}

run_tests \
	P01 "the version is the same wherever it is told" \
	P02 "what programs rely on is what it was in each release" \
	P03 "scripts/abi notices what goes, moves or changes, and only that"

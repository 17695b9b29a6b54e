// SPDX-License-Identifier: GPL-2.0-only
/*
 * MIB: the kernel's counters that have a twin here, or bound one.
 *
 * Only what they were when we began is kept: what they are now, a reader gets
 * from /proc/net/snmp and /proc/net/netstat, which owe us nothing.
 */
#include <net/netlink.h>
#include <net/snmp.h>

#include "mib.h"
#include "stats.h"

static const struct {
	const char	*name;
	bool		ext;	/* of /proc/net/netstat */
	u8		index;
} mib_names[] = {
#define TCP(name, index)	{ "Tcp" name, false, TCP_MIB_##index }
#define EXT(name, index)	{ "TcpExt" name, true, LINUX_MIB_##index }
	TCP("ActiveOpens", ACTIVEOPENS),
	TCP("PassiveOpens", PASSIVEOPENS),
	TCP("AttemptFails", ATTEMPTFAILS),
	TCP("EstabResets", ESTABRESETS),
	TCP("OutRsts", OUTRSTS),
	TCP("RetransSegs", RETRANSSEGS),
	EXT("SyncookiesSent", SYNCOOKIESSENT),
	EXT("SyncookiesRecv", SYNCOOKIESRECV),
	EXT("SyncookiesFailed", SYNCOOKIESFAILED),
	EXT("EmbryonicRsts", EMBRYONICRSTS),
	EXT("TW", TIMEWAITED),
	EXT("TWRecycled", TIMEWAITRECYCLED),
	EXT("TWKilled", TIMEWAITKILLED),
	EXT("PAWSActive", PAWSACTIVEREJECTED),
	EXT("PAWSEstab", PAWSESTABREJECTED),
	EXT("ListenOverflows", LISTENOVERFLOWS),
	EXT("ListenDrops", LISTENDROPS),
	EXT("TCPTimeouts", TCPTIMEOUTS),
	EXT("TCPLossProbes", TCPLOSSPROBES),
	EXT("TCPAbortOnData", TCPABORTONDATA),
	EXT("TCPAbortOnClose", TCPABORTONCLOSE),
	EXT("TCPAbortOnMemory", TCPABORTONMEMORY),
	EXT("TCPAbortOnTimeout", TCPABORTONTIMEOUT),
	EXT("TCPAbortOnLinger", TCPABORTONLINGER),
	EXT("TCPAbortFailed", TCPABORTFAILED),
	EXT("TCPBacklogDrop", TCPBACKLOGDROP),
	EXT("TCPTimeWaitOverflow", TCPTIMEWAITOVERFLOW),
	EXT("TCPReqQFullDoCookies", TCPREQQFULLDOCOOKIES),
	EXT("TCPReqQFullDrop", TCPREQQFULLDROP),
	EXT("TCPRetransFail", TCPRETRANSFAIL),
	EXT("TCPFastOpenActive", TCPFASTOPENACTIVE),
	EXT("TCPFastOpenActiveFail", TCPFASTOPENACTIVEFAIL),
	EXT("TCPFastOpenPassive", TCPFASTOPENPASSIVE),
	EXT("TCPFastOpenPassiveFail", TCPFASTOPENPASSIVEFAIL),
	EXT("TCPFastOpenListenOverflow", TCPFASTOPENLISTENOVERFLOW),
	EXT("TCPSynRetrans", TCPSYNRETRANS),
	EXT("TCPKeepAlive", TCPKEEPALIVE),
	EXT("TCPMigrateReqSuccess", TCPMIGRATEREQSUCCESS),
	EXT("TCPMigrateReqFailure", TCPMIGRATEREQFAILURE),
	EXT("TCPWinProbe", TCPWINPROBE),
	EXT("TCPSYNChallenge", TCPSYNCHALLENGE),
#undef TCP
#undef EXT
};

static_assert(ARRAY_SIZE(mib_names) == TCPLIFE_MIBS);

/* snmp_fold_field(), which not every kernel exports. Fields are of 64 bits. */
static u64 mib_sum(const void __percpu *mib, unsigned int index)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += ((const unsigned long *)per_cpu_ptr(mib, cpu))[index];
	return sum;
}

/**
 * tcplife_mib_read - the kernel's counters, now
 * @net: the namespace
 * @mib: filled, TCPLIFE_MIBS of them
 *
 * Context: process. See snmp_seq_show().
 */
void tcplife_mib_read(const struct net *net, u64 *mib)
{
	unsigned int i;

	for (i = 0; i < TCPLIFE_MIBS; i++)
		mib[i] = mib_names[i].ext ?
			mib_sum(net->mib.net_statistics, mib_names[i].index) :
			mib_sum(net->mib.tcp_statistics, mib_names[i].index);
}

/**
 * tcplife_mib_put - write what the counters of a namespace were
 * @skb: the message
 * @mib: of the namespace
 *
 * Return: 0 or -EMSGSIZE.
 */
int tcplife_mib_put(struct sk_buff *skb, const struct tcplife_mib *mib)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < TCPLIFE_MIBS; i++) {
		nest = nla_nest_start(skb, TCPLIFE_A_MIB);
		if (!nest ||
		    nla_put_string(skb, TCPLIFE_A_MIB_NAME,
				   mib_names[i].name) ||
		    nla_put_u64_64bit(skb, TCPLIFE_A_MIB_BEFORE,
				      mib->before[i], 0) ||
		    nla_put_u64_64bit(skb, TCPLIFE_A_MIB_AFTER,
				      mib->after[i], 0))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * For libFuzzer: files from anywhere are read as recordings: frames, notes,
 * answers and events, and what a report makes of them. As a fuzzer cannot make
 * the checksum of a frame, what it gives is taken as what is in a frame, too.
 */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "bins.h"
#include "busiest.h"
#include "decode.h"
#include "frames.h"
#include "recording.h"
#include "replay.h"
#include "samples.h"
#include "self.h"
#include "sent.h"
#include "worst.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

static struct bins bins;
static struct samples samples;
static struct busiest busiest;
static struct worst worst;
static struct answer answer;

static void take_records(const struct batch *b)
{
	const struct nlattr *nest;
	struct record rec;

	for (nest = decode_next_record(b, NULL); nest;
	     nest = decode_next_record(b, nest)) {
		decode_record(nest, &rec);
		self_mask_record(b, &rec);
		bins_record(&bins, &rec, b->cmd == TCPLIFE_CMD_CLOSE_NTF);
		bins_queues(&bins, &rec);
		worst_record(&worst, b, &rec);
	}
}

static void take_samples(const struct batch *b)
{
	const struct nlattr *nest;
	struct listener l;
	struct stats stats;

	nest = decode_next(b, NULL, TCPLIFE_A_STATS);
	if (nest) {
		decode_stats(nest, &stats);
		samples_stats(&samples, b->now, &stats);
	}
	for (nest = decode_next(b, NULL, TCPLIFE_A_LISTENER); nest;
	     nest = decode_next(b, nest, TCPLIFE_A_LISTENER)) {
		decode_listener(nest, &l);
		busiest_add(&busiest, &l, !samples.n);
		samples_listener(&samples, &l);
	}
}

/* A dump's filter is what the request has; the message is one, as well. */
static void take_filter(const struct nlmsghdr *nlh)
{
	static char part[SESSION_BUFFER] __attribute__((aligned(8)));
	struct nlmsghdr *request = malloc(nlh->nlmsg_len);

	memcpy(request, nlh, nlh->nlmsg_len);
	request->nlmsg_flags |= NLM_F_DUMP;
	answers_filter(request, nlh, part, sizeof(part));
	free(request);
}

static int take_message(const struct nlmsghdr *nlh, void *arg)
{
	struct sent sent;
	struct batch b;

	(void)arg;
	if (nlh->nlmsg_type == RECORDING_NOTE)
		replay_note(nlh);
	answer_feed(&answer, nlh);
	sent_of(nlh, "records", &sent);
	take_filter(nlh);
	if (decode_batch(nlh, &b))
		return 0;
	take_records(&b);
	take_samples(&b);
	return 0;
}

static bool take_frame(const void *data, size_t len, void *arg)
{
	return replay_walk(data, len, take_message, arg);
}

/* As zstd's frames begin. */
static void read_packed(const __u8 *data, size_t size)
{
	FILE *file = fmemopen((void *)data, size, "r");
	struct frames f;

	frames_read(file, take_frame, NULL, &f);
	fclose(file);
}

static void reserve(__u64 cookie, void *arg)
{
	(void)arg;
	bins_reserve(&bins, cookie);
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	char *copy;

	if (!size)
		return 0;
	copy = malloc(size);
	memcpy(copy, data, size);
	/* As good as new, and a megabyte is dear. */
	bins.width = 0;
	bins.used = 0;
	bins.nr_queues = 0;
	bins.crowded = false;
	samples.n = 0;
	samples.nr_listeners = 0;
	samples.begun = false;
	answer.seq = 0;
	take_frame(copy, size, NULL);
	busiest_choose(&busiest, 2, reserve, NULL);
	busiest_free(&busiest);
	memset(&busiest, 0, sizeof(busiest));
	free(copy);
	if (*data == 0x28)
		read_packed(data, size);
	return 0;
}

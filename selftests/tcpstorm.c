// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcpstorm SEED COUNT SECONDS NETNS...
 *
 * COUNT connections between the namespaces begin within SECONDS, and both ends
 * of each do what the seed says, when it says so, whether or not it makes sense
 * by then. Namespace N has the addresses 10.7.N.1 and fd00:7:N::1. Ends when
 * all sockets are closed; prints how often it did what.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tcpstorm_end.h"

#define PORTS		6	/* of each host */
#define FIRST_PORT	6000
#define CLOSED_PORT	5999
#define FIXED_PORT	2000	/* clients share a few, to meet TIME_WAITs */
#define FIXED_PORTS	8
#define OWNERS		24	/* processes to be killed */
#define OWNER_PORT	7000
#define LAST_SECONDS	30	/* listeners outlive the last connect() */

static struct end *listeners[HOSTS * PORTS];
static bool over;

static void bind_fixed(struct end *end)
{
	enum family family = end->to.sin6_family == AF_INET ? V4 :
		IN6_IS_ADDR_V4MAPPED(&end->to.sin6_addr) ? MAPPED : V6;
	struct sockaddr_in6 sa = host_address(end->host, family, FIXED_PORT +
					      pick(&end->state, FIXED_PORTS));

	set(end->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (!bind(end->fd, (struct sockaddr *)&sa, end->to_len))
		done[A_bound]++;
}

/* Where to: mostly to a listener, or to where one may be by then. */
static int pick_port(uint64_t *state)
{
	unsigned int kind = pick(state, 20);

	if (kind == 0)
		return CLOSED_PORT;
	return kind < 3 ? OWNER_PORT + (int)pick(state, OWNERS) :
			  FIRST_PORT + (int)pick(state, PORTS);
}

/* Of eight connections that begin together each goes to the same listener. */
static bool burst(unsigned int number, uint64_t *state)
{
	*state = state_for(5, number / 8);
	return one_in(state, 4);
}

static void aim(struct end *end, uint64_t *state)
{
	int peer = (end->host + 1 + pick(state, HOSTS - 1)) % HOSTS;
	int port = pick_port(state);
	enum family family = pick(&end->state, FAMILIES);

	end->to = host_address(peer, family, port);
	end->to_len = family == V4 ? sizeof(struct sockaddr_in) :
				     sizeof(end->to);
	end->fd = new_socket(end->host, family == V4 ? AF_INET : AF_INET6);
}

static void start_client(struct end *end)
{
	uint64_t group;

	end->state = state_for(1, end->number);
	if (burst(end->number, &group)) {
		end->host = pick(&group, HOSTS);
		aim(end, &group);
	} else {
		end->host = pick(&end->state, HOSTS);
		aim(end, &end->state);
	}
	if (one_in(&end->state, 8))
		bind_fixed(end);
	if (one_in(&end->state, 8)) {
		set(end->fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1);
		done[A_fast_open]++;
	}
	do_connect(end);
	done[A_connect]++;
	/* Not all are to be closed in the middle of the handshake. */
	live(end, one_in(&end->state, 4) ? 0 : 80000);
}

static bool accept_one(struct end *l)
{
	int fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	static unsigned int accepted;
	struct end *end;

	if (fd < 0)
		return false;
	end = new_end(l->host, fd);
	end->state = state_for(2, accepted++);
	done[A_accept]++;
	live(end, 0);
	return true;
}

static void open_listener(struct end *l);

static void close_listener(struct end *l)
{
	if (l->fd < 0)
		return;
	close(l->fd);
	l->fd = -1;
	done[A_listener_closed]++;
	if (!over)
		after(pick(&l->state, 1000000), open_listener, l);
}

/* A listener that does not accept at once looks now and then. */
static void look(struct end *l)
{
	if (over)
		return;
	while (l->fd >= 0 && !l->never && accept_one(l) && !l->one)
		continue;
	after(l->patience ? l->patience : 1000000, look, l);
}

static void listener_options(struct end *l)
{
	set(l->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (one_in(&l->state, 8))
		set(l->fd, IPPROTO_TCP, TCP_DEFER_ACCEPT,
		    1 + pick(&l->state, 5));
	if (one_in(&l->state, 3))
		set(l->fd, IPPROTO_TCP, TCP_FASTOPEN, 1 + pick(&l->state, 5));
}

static void listener_manners(struct end *l)
{
	unsigned int kind = pick(&l->state, 20);

	l->patience = 0;
	l->one = kind >= 15 && kind < 18;
	l->never = kind >= 18;
	if (kind >= 10)
		l->patience = 20000 + pick(&l->state, l->one ? 500000 :
						      4000000);
}

static void open_listener(struct end *l)
{
	static const int backlogs[] = { 0, 1, 1, 2, 4, 8, 16, 128 };
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6 };
	uint64_t life;

	if (over)
		return;
	l->state = state_for(3, l->number * 1000 + l->lives++);
	l->fd = new_socket(l->host, AF_INET6);
	sa.sin6_port = htons(l->port);
	listener_options(l);
	listener_manners(l);
	if (bind(l->fd, (struct sockaddr *)&sa, sizeof(sa)) ||
	    listen(l->fd, backlogs[pick(&l->state, 8)]))
		die("listen");
	done[A_listen]++;
	watch(l);
	life = 2000000 + pick(&l->state, 30000000);
	if (!one_in(&l->state, 3))
		after(life, close_listener, l);
}

static void ready(struct end *end)
{
	if (end->listener) {
		while (!end->patience && accept_one(end))
			continue;
	} else if (end->reads && drain(end->fd) == 0 &&
		   one_in(&end->state, 2)) {
		/* Both sides have said all: the next step is the last. */
		end->steps = 0;
	}
}

static void new_listener(int host, int port, unsigned int number)
{
	struct end *l = new_end(host, -1);

	l->listener = true;
	l->port = port;
	l->number = number;
	listeners[number] = l;
	open_listener(l);
	look(l);
}

static void the_end(struct end *end)
{
	(void)end;
	over = true;
	for (int i = 0; i < HOSTS * PORTS; i++)
		close_listener(listeners[i]);
}

/* Processes that are killed with all that they have open. */
static void owner_connects(uint64_t *state)
{
	int n = 1 + pick(state, 4);
	struct end end[4];

	for (int i = 0; i < n; i++) {
		end[i].host = pick(state, HOSTS);
		end[i].state = *state;
		aim(&end[i], state);
		do_connect(&end[i]);
	}
	usleep(pick(state, 200000));
	for (int i = 0; i < n; i++)
		push(end[i].fd, 1 + pick(state, 5000));
}

static void owner_listens(uint64_t *state, int port)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6 };
	int fd = new_socket(pick(state, HOSTS), AF_INET6);

	sa.sin6_port = htons(port);
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) ||
	    listen(fd, 1 + pick(state, 8)))
		die("listen");
	for (int looks = 10; looks; looks--) {
		usleep(pick(state, 2000000));
		push(accept(fd, NULL, NULL), 1 + pick(state, 2000));
	}
}

static void owner_run(int number, unsigned int seconds)
{
	uint64_t state = state_for(4, number);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	usleep(pick(&state, seconds * 1000000));
	if (one_in(&state, 2))
		owner_connects(&state);
	else
		owner_listens(&state, OWNER_PORT + number);
	for (;;)
		pause();
}

static void kill_owner(struct end *owner)
{
	kill(owner->fd, SIGKILL);
	waitpid(owner->fd, NULL, 0);
	done[A_killed]++;
	free(owner);
}

/* Before there is a socket that they could inherit. */
static void start_owners(unsigned int seconds)
{
	uint64_t state = state_for(6, 0);
	pid_t pid;

	for (int i = 0; i < OWNERS; i++) {
		pid = fork();
		if (pid < 0)
			die("fork");
		if (!pid)
			owner_run(i, seconds);
		after(pick(&state, (seconds + LAST_SECONDS) * 1000000),
		      kill_owner, new_end(0, pid));
	}
}

static void start_clients(unsigned int count, unsigned int seconds)
{
	uint64_t state = state_for(7, 0), group;
	unsigned int begin = 0;
	struct end *end;

	for (unsigned int i = 0; i < count; i++) {
		if (i % 8 == 0 || !burst(i, &group))
			begin = pick(&state, seconds * 1000000);
		end = new_end(0, -1);
		end->number = i;
		after(begin, start_client, end);
	}
	after((seconds + LAST_SECONDS) * 1000000ull, the_end, NULL);
}

static void run(void)
{
	struct epoll_event events[64];
	struct due due;
	int64_t left;
	int n;

	while (nr_due) {
		left = heap[0].at - now_us();
		if (left <= 0) {
			due = take_due();
			due.what(due.end);
			continue;
		}
		n = epoll_wait(poller, events, 64, left / 1000 + 1);
		while (n-- > 0)
			ready(events[n].data.ptr);
	}
}

static void report(void)
{
	static const char * const names[] = {
#define X(name) #name,
		ACTIONS(X)
#undef X
	};

	for (int i = 0; i < NR_ACTIONS; i++)
		printf("%s=%lu%s", names[i], done[i],
		       i < NR_ACTIONS - 1 ? " " : "\n");
}

int main(int argc, char **argv)
{
	struct rlimit limit;
	unsigned int count, seconds;

	if (argc != 4 + HOSTS)
		return 2;
	seed = strtoull(argv[1], NULL, 0);
	count = atoi(argv[2]);
	seconds = atoi(argv[3]);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < HOSTS; i++)
		host_open(i, argv[4 + i]);
	start_owners(seconds);
	poller = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < HOSTS * PORTS; i++)
		new_listener(i / PORTS, FIRST_PORT + i % PORTS, i);
	start_clients(count, seconds);
	run();
	report();
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcplife top: a live screen.
 */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "options.h"
#include "self.h"
#include "screen.h"
#include "top.h"

static const int top_takes[] = { 'i', 0 };

static const struct usage top_usage = {
	.name = "top",
	.about =
	"A live screen: connections by state, rates, listeners with their queues,\n"
	"and the newest failures. It goes on when the module is removed, and comes\n"
	"back with it.",
	.takes = top_takes,
	.notes =
	"Keys: q quits, ? explains the others and the columns. The interval is a\n"
	"second unless -i says so.",
};

/* What one key does. */
enum answer {
	ANSWER_NONE,
	ANSWER_QUIT,
	ANSWER_REDRAW,
	ANSWER_LOOK,
};

static size_t list_length(const struct top *t)
{
	return t->in_failures ? t->nr_shown : t->nr_listeners;
}

static void move_cursor(struct top *t, long rows)
{
	long length = list_length(t), to = t->cursor[t->in_failures] + rows;

	if (to >= length)
		to = length - 1;
	t->cursor[t->in_failures] = to < 0 ? 0 : to;
}

/* A line at the bottom; Enter takes it, Escape leaves all as it was. */
static void ask_filter(struct top *t)
{
	char text[TOP_FILTER] = "";
	size_t n = 0;
	int key;

	timeout(-1);
	for (;;) {
		move(LINES - 1, 0);
		clrtoeol();
		printw("filter (empty: none): %s", text);
		refresh();
		key = getch();
		if (key == '\n' || key == KEY_ENTER)
			break;
		if (key == 27 || key == ERR)
			return;
		if ((key == KEY_BACKSPACE || key == 127 || key == 8) && n)
			text[--n] = '\0';
		else if (key >= ' ' && key <= '~' && n + 1 < sizeof(text))
			text[n++] = key;
		text[n] = '\0';
	}
	memcpy(t->filter, text, sizeof(text));
	memset(t->cursor, 0, sizeof(t->cursor));
}

static enum answer key_list(struct top *t, int key)
{
	switch (key) {
	case '\t':
		t->in_failures = !t->in_failures;
		break;
	case KEY_UP:
	case 'k':
		move_cursor(t, -1);
		break;
	case KEY_DOWN:
	case 'j':
		move_cursor(t, 1);
		break;
	case KEY_PPAGE:
		move_cursor(t, -10);
		break;
	case KEY_NPAGE:
		move_cursor(t, 10);
		break;
	case KEY_HOME:
		move_cursor(t, -(long)list_length(t));
		break;
	case KEY_END:
		move_cursor(t, list_length(t));
		break;
	case '\n':
	case KEY_ENTER:
		top_open(t);
		break;
	default:
		return ANSWER_NONE;
	}
	return ANSWER_REDRAW;
}

static enum answer key_mode(struct top *t, int key)
{
	switch (key) {
	case 'q':
	case 3:
		return ANSWER_QUIT;
	case 's':
		t->sort = (t->sort + 1) % TOP_SORTS;
		break;
	case 'r':
		t->reverse = !t->reverse;
		break;
	case 'f':
	case '/':
		ask_filter(t);
		break;
	case 'p':
	case ' ':
		t->paused = !t->paused;
		return t->paused ? ANSWER_REDRAW : ANSWER_LOOK;
	case '+':
		t->interval = t->interval < 30 ? t->interval * 2 : 60;
		break;
	case '-':
		t->interval = t->interval > 0.2 ? t->interval / 2 : 0.1;
		break;
	case '?':
	case 'h':
		top_help();
		break;
	case KEY_RESIZE:
		break;
	default:
		return ANSWER_NONE;
	}
	return ANSWER_REDRAW;
}

/* All keys that are there. */
static enum answer take_keys(struct top *t)
{
	enum answer all = ANSWER_NONE, one;
	int key;

	for (;;) {
		timeout(0);
		key = getch();
		if (key == ERR)
			return all;
		one = key_list(t, key);
		if (one == ANSWER_NONE)
			one = key_mode(t, key);
		if (one == ANSWER_QUIT)
			return one;
		if (one > all)
			all = one;
	}
}

/* Until a key, an event or the time of the next look. False: the terminal is
 * gone.
 */
static bool wait_for(struct top *t, __u64 until)
{
	bool listen = t->connected && !t->paused;
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = listen ? mnl_socket_get_fd(t->events.nl) : -1,
		  .events = POLLIN },
	};
	__u64 now = clock_now();

	poll(fds, 2, now < until ? (until - now) / NSEC_PER_MSEC + 1 : 0);
	return !(fds[0].revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* One datagram at a time: a flood of events must not keep the keys waiting. */
static void update(struct top *t, bool due)
{
	int ret = 0;

	if (!t->connected && due)
		t->gone = top_connect(t) == -ENOENT;
	if (!t->connected)
		return;
	ret = top_events(t);
	if (ret)
		memcpy(t->ask.error, t->events.error, sizeof(t->ask.error));
	else if (due)
		ret = top_look(t);
	t->gone = ret == -ENOENT;
	if (ret)
		top_disconnect(t);
}

static int run(struct top *t)
{
	__u64 next = 0, drawn = 0;
	enum answer answer;
	bool due;

	for (;;) {
		due = clock_now() >= next;
		if (!t->paused)
			update(t, due);
		if (due)
			next = clock_now() + t->interval * NSEC_PER_SEC;
		/* Events may come thousands of times a second. */
		if (due || clock_now() - drawn > NSEC_PER_SEC / 5) {
			top_arrange(t);
			move_cursor(t, 0);
			top_draw(t);
			drawn = clock_now();
		}
		if (!wait_for(t, next))
			return STATUS_FAILED;
		answer = take_keys(t);
		if (answer == ANSWER_QUIT)
			return STATUS_OK;
		if (answer == ANSWER_LOOK)
			next = 0;
		if (answer != ANSWER_NONE)
			drawn = 0;
	}
}

/* Clear words, where ncurses would just end the program. */
static SCREEN *open_screen(void)
{
	const char *term = getenv("TERM");
	SCREEN *screen;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)) {
		fprintf(stderr,
			"tcplife: top needs a terminal; tcplife listeners -i 1 and tcplife stats -i 1 do not\n");
		return NULL;
	}
	setlocale(LC_ALL, "");
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		fprintf(stderr, "tcplife: top does not know the terminal \"%s\": set TERM\n",
			term ? term : "");
	return screen;
}

/** command_top - tcplife top */
int command_top(int argc, char **argv)
{
	static struct top t;
	struct options o;
	SCREEN *screen;
	int ret;

	ret = options_parse(argc, argv, &top_usage, &o);
	if (ret != OPTIONS_GO)
		return ret;
	self_init();
	t.interval = o.interval > 0 ? o.interval : 1;
	/* What is wrong now is told here; what goes wrong later, there. */
	ret = top_connect(&t);
	if (!ret)
		ret = top_look(&t);
	if (ret)
		return session_fail(&t.ask, ret);
	screen = open_screen();
	if (!screen)
		return STATUS_USAGE;
	raw();
	noecho();
	keypad(stdscr, TRUE);
	set_escdelay(25);
	curs_set(0);
	ret = run(&t);
	endwin();
	delscreen(screen);
	top_disconnect(&t);
	free(t.listeners);
	return ret;
}

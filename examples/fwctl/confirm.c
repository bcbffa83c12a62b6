/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A change that is taken back unless it is confirmed.
 *
 * A process of its own session, the guard, makes the change, waits, and takes it back: it loses nothing when the terminal, the
 * shell or this program goes. It listens on an abstract socket, whose name says whose change it is and in which network
 * namespace; `fwctl confirm` talks to it, and so does the question at the terminal. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "fwctl.h"
#include "plan.h"

/* What is said to the guard, and what it says, a byte each; a failure is followed by its words. */
enum {
	KEEP = 'k',
	UNDO = 'u',
	APPLIED = 'a',
	FAILED = 'f',
};

enum { TRIES = 64 };

/* ---- the socket ---- */

static int socket_name(struct sockaddr_un *ret, socklen_t *ret_len)
{
	const char *owner = globals.owner ? globals.owner : "fwctl";
	char buf[4096];
	struct stat st;
	int len;

	if (stat(globals.netns ? netns_path(globals.netns, buf, sizeof(buf)) : "/proc/self/ns/net",
		 &st) < 0)
		return failed_errno(globals.netns ? globals.netns : "/proc/self/ns/net");
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	/* The first byte is NUL: no file, gone with the process. */
	len = snprintf(ret->sun_path + 1, sizeof(ret->sun_path) - 1, "fwctl/confirm/%lu/%.31s",
		       (unsigned long)st.st_ino, owner);
	*ret_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
	return EXIT_OK;
}

static int open_socket(void)
{
	return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
}

/* Whoever may connect to such a socket: only root and the same user are listened to. */
static bool is_trusted(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

static int listen_here(void)
{
	struct sockaddr_un name;
	socklen_t len;
	int fd;

	if (socket_name(&name, &len) != EXIT_OK)
		return -1;
	fd = open_socket();
	if (fd >= 0 && bind(fd, (struct sockaddr *)&name, len) == 0 && listen(fd, 4) == 0)
		return fd;
	if (errno == EADDRINUSE)
		fputs("fwctl: another change waits to be confirmed: `fwctl confirm` keeps it, `fwctl confirm --undo` takes it back\n",
		      stderr);
	else
		failed_errno("the socket for `fwctl confirm`");
	if (fd >= 0)
		close(fd);
	return -1;
}

/* ---- the guard ---- */

struct guard {
	struct fwc_kernel *kernel;
	struct fwc_plan *plan;
	struct fwc_error err;
	int listener;
	int parent; /* whom it tells how it went */
	int signals;
};

static void tell(int fd, char what, const char *words)
{
	char message[512];
	int len = snprintf(message, sizeof(message), "%c%s", what, words);

	/* Nobody may be there any more. */
	(void)!send(fd, message, (size_t)len, MSG_NOSIGNAL);
}

/* Others may write between planning and committing. */
static int change(struct guard *g, const struct fwc_ruleset *ruleset)
{
	int r = -ESTALE;

	for (int i = 0; r == -ESTALE && i < TRIES; i++) {
		fwc_plan_free(g->plan);
		g->plan = NULL;
		r = fwc_kernel_plan(g->kernel, ruleset, &g->plan, &g->err);
		if (r == 0)
			r = fwc_kernel_commit_plan(g->kernel, g->plan, NULL, &g->err);
	}
	return r;
}

static int change_back(struct guard *g)
{
	struct fwc_plan *undo = NULL;
	int r = -ESTALE;

	for (int i = 0; r == -ESTALE && i < TRIES; i++) {
		r = fwc_kernel_plan_undo(g->kernel, g->plan, &undo, &g->err);
		if (r < 0)
			return r; /* also -ESTALE: then it names a conflict */
		r = fwc_kernel_commit_plan(g->kernel, undo, NULL, &g->err);
		fwc_plan_free(undo);
	}
	return r;
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

/* KEEP or UNDO, from whoever says it; *ret_peer is to be told. 0: it was nobody. */
static char take_answer(struct guard *g, int *ret_peer)
{
	int fd = accept4(g->listener, NULL, NULL, SOCK_CLOEXEC);
	const struct timeval patience = { .tv_sec = 1 };
	char what = 0;

	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (is_trusted(fd) && recv(fd, &what, 1, 0) == 1 && (what == KEEP || what == UNDO)) {
		*ret_peer = fd;
		return what;
	}
	close(fd);
	return 0;
}

static char wait_for_answer(struct guard *g, unsigned long seconds, int *ret_peer)
{
	long end = milliseconds() + (long)seconds * 1000, left;
	struct pollfd fds[2] = { { .fd = g->listener, .events = POLLIN },
				 { .fd = g->signals, .events = POLLIN } };

	while ((left = end - milliseconds()) > 0) {
		char what = 0;

		if (poll(fds, 2, left > 60000 ? 60000 : (int)left) <= 0)
			continue;
		if (fds[1].revents)
			return UNDO; /* the machine goes down, or the session is ended */
		what = take_answer(g, ret_peer);
		if (what)
			return what;
	}
	return UNDO;
}

/* Away from the terminal: what ends a session ends this process not. SIGTERM takes the change back at once. */
static int detach(struct guard *g)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t wanted;

	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	g->signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++)
		if (nowhere < 0 || dup2(nowhere, fd) < 0)
			return -1;
	return g->signals < 0 ? -1 : chdir("/");
}

static void guard(struct guard *g, const struct fwc_ruleset *ruleset, unsigned long seconds)
{
	int peer = -1, r;
	char what;

	if (detach(g) < 0) {
		tell(g->parent, FAILED, strerror(errno));
		return;
	}
	r = change(g, ruleset);
	if (r < 0) {
		tell(g->parent, FAILED, g->err.msg);
		return;
	}
	tell(g->parent, APPLIED, "");
	what = wait_for_answer(g, seconds, &peer);
	if (what == UNDO && change_back(g) < 0) {
		tell(g->parent, FAILED, g->err.msg);
		tell(peer, FAILED, g->err.msg);
		return;
	}
	tell(g->parent, what, "");
	tell(peer, what, "");
}

/* Its end of the pair of sockets; -1: said so already. */
static int start_guard(const struct fwc_ruleset *ruleset, unsigned long seconds)
{
	struct guard g = { .listener = listen_here() };
	int pair[2];

	if (g.listener < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		failed_errno("socketpair");
		return -1;
	}
	fflush(stdout);
	switch (fork()) {
	case -1:
		failed_errno("fork");
		return -1;
	case 0:
		close(pair[0]);
		g.parent = pair[1];
		/* Before it leaves the terminal: it says what is wrong. */
		g.kernel = open_kernel();
		if (g.kernel)
			guard(&g, ruleset, seconds);
		_exit(0);
	default:
		close(pair[1]);
		close(g.listener);
		return pair[0];
	}
}

/* ---- who asks ---- */

/* What the guard said; 0: it is gone. */
static char hear(int fd, char *words, size_t size)
{
	ssize_t len = recv(fd, words, size - 1, 0);
	char what;

	if (len <= 0)
		return 0;
	words[len] = '\0';
	what = words[0];
	memmove(words, words + 1, (size_t)len);
	return what;
}

/* How it ended, as what main should return: 0 when that is what was `wanted`. */
static int finish(int fd, char wanted)
{
	char words[512];

	switch (hear(fd, words, sizeof(words))) {
	case KEEP:
		puts("kept");
		return wanted == KEEP ? EXIT_OK : EXIT_FAILED;
	case UNDO:
		puts("taken back");
		return wanted == UNDO ? EXIT_OK : EXIT_FAILED;
	case FAILED:
		fprintf(stderr, "fwctl: it could not be taken back: %s\n", words);
		return EXIT_FAILED;
	default:
		fputs("fwctl: the process that was to take it back is gone: look with `fwctl show`\n",
		      stderr);
		return EXIT_FAILED;
	}
}

static int say(char what)
{
	struct sockaddr_un name;
	socklen_t len;
	int fd, r;

	if (socket_name(&name, &len) != EXIT_OK)
		return EXIT_FAILED;
	fd = open_socket();
	if (fd < 0 || connect(fd, (struct sockaddr *)&name, len) < 0 || !is_trusted(fd) ||
	    send(fd, &what, 1, MSG_NOSIGNAL) != 1) {
		fputs("fwctl: no change waits to be confirmed\n", stderr);
		r = EXIT_FAILED;
	} else {
		r = finish(fd, what);
	}
	if (fd >= 0)
		close(fd);
	return r;
}

/* A terminal to ask at: not the standard input when that was the file. -1: there is none. */
static int open_terminal(const char *path)
{
	if (strcmp(path, "-") != 0 && isatty(STDIN_FILENO))
		return dup(STDIN_FILENO);
	return open("/dev/tty", O_RDWR | O_CLOEXEC);
}

/* Waits for a line, or for the guard to end it. */
static int ask(int terminal, int guard_fd)
{
	struct pollfd fds[2] = { { .fd = terminal, .events = POLLIN },
				 { .fd = guard_fd, .events = POLLIN } };
	char line[64];
	ssize_t len;

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (fds[1].revents)
		return finish(guard_fd, KEEP);
	len = read(terminal, line, sizeof(line) - 1);
	line[len > 0 ? len : 0] = '\0';
	/* The terminal is gone: the guard does the rest. */
	if (len <= 0)
		return finish(guard_fd, KEEP);
	return say(!strcmp(line, "yes\n") || !strcmp(line, "y\n") ? KEEP : UNDO);
}

int apply_to_confirm(const struct fwc_ruleset *ruleset, const char *path, unsigned long seconds)
{
	int guard_fd = start_guard(ruleset, seconds), terminal, r;
	char words[512] = "";

	if (guard_fd < 0)
		return EXIT_FAILED;
	if (hear(guard_fd, words, sizeof(words)) != APPLIED) {
		if (*words)
			fprintf(stderr, "fwctl: %s\n", words);
		close(guard_fd);
		return EXIT_FAILED;
	}
	terminal = open_terminal(path);
	printf("applied; it is taken back in %lu seconds unless %s`fwctl confirm` is run\n",
	       seconds, terminal < 0 ? "" : "you answer yes here, or ");
	if (terminal >= 0)
		fputs("keep it? ", stdout);
	fflush(stdout);
	r = terminal < 0 ? finish(guard_fd, KEEP) : ask(terminal, guard_fd);
	if (terminal >= 0)
		close(terminal);
	close(guard_fd);
	return r;
}

int cmd_confirm(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { { "undo", no_argument, NULL, 'u' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	char what = KEEP;
	int c;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c != 'u')
			return usage_option(command, c, argv);
		what = UNDO;
	}
	if (optind < argc)
		return usage_error(command, "'%s' is one word too many", argv[optind]);
	return say(what);
}

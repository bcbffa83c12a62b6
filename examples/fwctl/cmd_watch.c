/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl watch: print what anybody changes. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "fwctl.h"
#include "json.h"

static const char *kind_word(uint32_t kind)
{
	switch (kind) {
	case FWC_EVENT_ADDED:
		return "added";
	case FWC_EVENT_DELETED:
		return "deleted";
	case FWC_EVENT_COMMIT:
		return "commit";
	case FWC_EVENT_RESYNC:
		return "resync";
	default:
		return "unknown";
	}
}

/* A rule's line, to be freed; NULL when the event is of no rule. */
static char *rule_text(const struct fwc_event *event)
{
	const struct fwc_rule *rule = fwc_event_rule(event);
	size_t needed = 0;
	char *text;

	if (!rule)
		return NULL;
	fwc_rule_format(rule, FWC_SYNTAX_NFT, NULL, 0, &needed);
	text = malloc(needed + 1);
	if (text)
		fwc_rule_format(rule, FWC_SYNTAX_NFT, text, needed + 1, NULL);
	return text;
}

static void print_json(const struct fwc_event *event, const char *rule)
{
	struct json j = { .out = stdout, .one_line = true };
	uint32_t kind = fwc_event_kind(event);

	json_open(&j, NULL, '{');
	json_text(&j, "event", kind_word(kind));
	if (kind == FWC_EVENT_ADDED || kind == FWC_EVENT_DELETED) {
		json_text(&j, "object", object_word(fwc_event_object(event)));
		json_text(&j, "family", family_word(fwc_event_family(event)));
		json_text(&j, "table", fwc_event_table(event));
		json_text(&j, "name", fwc_event_name(event));
		json_number(&j, "handle", fwc_event_handle(event));
		if (rule)
			json_text(&j, "rule", rule);
	}
	if (kind != FWC_EVENT_RESYNC) {
		json_bool(&j, "own", fwc_event_is_own(event));
		json_number(&j, "generation", fwc_event_generation(event));
		json_number(&j, "pid", fwc_event_pid(event));
		json_text(&j, "process", fwc_event_process(event));
	}
	json_close(&j, '}');
}

static void print_line(const struct fwc_event *event, const char *rule)
{
	uint32_t kind = fwc_event_kind(event);

	if (kind == FWC_EVENT_RESYNC) {
		puts("events were lost: the state must be read again");
		return;
	}
	if (kind == FWC_EVENT_COMMIT) {
		printf("generation %u, by ", fwc_event_generation(event));
		print_text(*fwc_event_process(event) ? fwc_event_process(event) : "unknown");
		printf(" (process %u)\n", fwc_event_pid(event));
		return;
	}
	printf("%c %s %s %s", kind == FWC_EVENT_ADDED ? '+' : '-',
	       object_word(fwc_event_object(event)), family_word(fwc_event_family(event)),
	       fwc_event_table(event));
	if (*fwc_event_name(event))
		printf(" %s", fwc_event_name(event));
	if (rule)
		printf(" %s", rule);
	if (fwc_event_handle(event))
		printf(" # handle %" PRIu64, fwc_event_handle(event));
	putchar('\n');
}

static int watch(struct fwc_watch *w, bool as_json)
{
	struct pollfd pollfd = { .fd = fwc_watch_fd(w), .events = POLLIN };
	const struct fwc_event *event;
	struct fwc_error err;
	int r;

	for (;;) {
		while ((r = fwc_watch_next(w, &event, &err)) > 0) {
			char *rule = rule_text(event);

			if (as_json)
				print_json(event, rule);
			else
				print_line(event, rule);
			free(rule);
		}
		if (r < 0)
			return failed(&err);
		if (fflush(stdout) != 0)
			return failed_errno("standard output");
		if (poll(&pollfd, 1, -1) < 0 && errno != EINTR)
			return failed_errno("poll");
	}
}

int cmd_watch(const struct command *command, int argc, char **argv)
{
	struct fwc_kernel *kernel;
	struct fwc_error err;
	struct fwc_watch *w;
	bool as_json;
	int r = json_option(command, argc, argv, 0, &as_json);

	if (r >= 0)
		return r;
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	if (fwc_watch_open(kernel, &w, &err) < 0) {
		r = failed(&err);
	} else {
		r = watch(w, as_json);
		fwc_watch_close(w);
	}
	fwc_kernel_close(kernel);
	return r;
}

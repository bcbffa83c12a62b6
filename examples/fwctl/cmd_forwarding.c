/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl forwarding: whether packets are forwarded, and switching it. */
#include <errno.h>
#include <string.h>

#include "fwctl.h"
#include "json.h"

struct request {
	uint32_t family; /* FWC_FAMILY_ANY: both */
	const char *interface;
	uint32_t flags;
	bool as_json;
	struct json j;
};

static const uint32_t both[] = { FWC_FAMILY_IP, FWC_FAMILY_IP6 };

static bool wants(const struct request *q, uint32_t family)
{
	return q->family == FWC_FAMILY_ANY || q->family == family;
}

/* One line, or one object. What does not exist (a kernel without IPv6, an interface that went) is passed over. */
static int show_one(struct fwc_kernel *kernel, struct request *q, uint32_t family,
		    const char *interface)
{
	struct fwc_error err;
	bool on;
	int r = fwc_forwarding_get(kernel, family, interface, &on, &err);

	if (r == -ENOENT && !q->interface && (interface || q->family == FWC_FAMILY_ANY))
		return EXIT_OK;
	if (r < 0)
		return failed(&err);
	if (q->as_json) {
		json_open(&q->j, NULL, '{');
		json_text(&q->j, "family", family_word(family));
		json_text(&q->j, "interface", interface);
		json_bool(&q->j, "forwarding", on);
		json_close(&q->j, '}');
		return EXIT_OK;
	}
	printf("%-6s  %-15s  %s\n", family_word(family), interface ? interface : "(all)",
	       on ? "on" : "off");
	return EXIT_OK;
}

static int show_family(struct fwc_kernel *kernel, struct request *q, uint32_t family,
		       const struct fwc_interfaces *list)
{
	int r;

	if (q->interface)
		return show_one(kernel, q, family, q->interface);
	r = show_one(kernel, q, family, NULL);
	for (size_t i = 0; r == EXIT_OK && i < fwc_interfaces_count(list); i++)
		r = show_one(kernel, q, family, fwc_interface_name(fwc_interfaces_at(list, i)));
	return r;
}

static int show(struct fwc_kernel *kernel, struct request *q)
{
	struct fwc_interfaces *list;
	struct fwc_error err;
	int r = EXIT_OK;

	if (fwc_interfaces_get(kernel, &list, &err) < 0)
		return failed(&err);
	if (q->as_json)
		json_open(&q->j, NULL, '[');
	else
		puts("FAMILY  INTERFACE        FORWARDING");
	for (size_t i = 0; r == EXIT_OK && i < 2; i++)
		if (wants(q, both[i]))
			r = show_family(kernel, q, both[i], list);
	if (q->as_json)
		json_close(&q->j, ']');
	fwc_interfaces_free(list);
	return r;
}

static void print_changes(struct request *q, const struct fwc_settings *before)
{
	for (size_t i = 0; i < fwc_settings_count(before); i++) {
		if (q->as_json)
			json_text(&q->j, fwc_settings_name(before, i),
				  fwc_settings_value(before, i));
		else
			printf("%s was %s\n", fwc_settings_name(before, i),
			       fwc_settings_value(before, i));
	}
}

/* Both families or none: when the second fails, the first is put back. */
static int change(struct fwc_kernel *kernel, struct request *q, bool on)
{
	struct fwc_settings *before[2] = { NULL, NULL };
	struct fwc_error err;
	int r = 0;

	for (size_t i = 0; r == 0 && i < 2; i++) {
		if (!wants(q, both[i]))
			continue;
		r = fwc_forwarding_change(kernel, both[i], q->interface, on,
					  both[i] == FWC_FAMILY_IP6 ? q->flags : 0, &before[i],
					  &err);
	}
	if (r < 0 && before[0])
		fwc_settings_restore(kernel, before[0], NULL);
	if (r == 0 && q->as_json)
		json_open(&q->j, NULL, '{');
	for (size_t i = 0; i < 2; i++) {
		if (r == 0 && before[i])
			print_changes(q, before[i]);
		fwc_settings_free(before[i]);
	}
	if (r == 0 && q->as_json)
		json_close(&q->j, '}');
	return r < 0 ? failed(&err) : EXIT_OK;
}

static int run(const char *word, struct request *q)
{
	struct fwc_kernel *kernel = open_kernel();
	int r;

	if (!kernel)
		return EXIT_FAILED;
	r = strcmp(word, "show") ? change(kernel, q, !strcmp(word, "on")) : show(kernel, q);
	fwc_kernel_close(kernel);
	return r;
}

int cmd_forwarding(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { { "family", required_argument, NULL, 'f' },
						 { "interface", required_argument, NULL, 'i' },
						 { "keep-ra", no_argument, NULL, 'k' },
						 { "json", no_argument, NULL, 'j' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct request q = { .family = FWC_FAMILY_ANY, .j = { .out = stdout } };
	const char *word;
	int c;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 'f' && parse_family(optarg, &q.family) == 0 &&
		    (q.family == FWC_FAMILY_IP || q.family == FWC_FAMILY_IP6))
			continue;
		if (c == 'f')
			return usage_error(command, "'%s' is not ip or ip6", optarg);
		if (c == 'i')
			q.interface = optarg;
		else if (c == 'k')
			q.flags |= FWC_FORWARDING_KEEP_RA;
		else if (c == 'j')
			q.as_json = true;
		else
			return usage_option(command, c, argv);
	}
	if (argc - optind > 1)
		return usage_error(command, "'%s' is one word too many", argv[optind + 1]);
	word = optind < argc ? argv[optind] : "show";
	if (strcmp(word, "show") && strcmp(word, "on") && strcmp(word, "off"))
		return usage_error(command, "'%s' is not show, on or off", word);
	return run(word, &q);
}

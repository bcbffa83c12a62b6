/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fields/timeouts.h"

#include <ctype.h>
#include <netinet/in.h>

static const struct fwc_timeouts protocols[] = {
	{ IPPROTO_TCP,
	  11,
	  { { "syn_sent", 120 },
	    { "syn_recv", 60 },
	    { "established", 432000 },
	    { "fin_wait", 120 },
	    { "close_wait", 60 },
	    { "last_ack", 30 },
	    { "time_wait", 120 },
	    { "close", 10 },
	    { "syn_sent2", 120 },
	    { "retrans", 300 },
	    { "unack", 300 } } },
	{ IPPROTO_UDP, 2, { { "unreplied", 30 }, { "replied", 120 } } },
};

const struct fwc_timeouts *fwc_timeouts_of(uint64_t l4)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(protocols); i++)
		if (protocols[i].l4 == l4)
			return &protocols[i];
	return NULL;
}

static int refuse(const struct fwc_timeouts *t, const char *text, struct fwc_error *err)
{
	char list[160];
	struct fwc_buf out = fwc_buf_over(list, sizeof(list));

	for (size_t i = 0; i < t->count; i++)
		fwc_buf_printf(&out, "%s%s", i ? ", " : "", t->states[i].name);
	return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"'%.40s' is no policy: states and seconds, `%s : 60`, of %s", text,
			t->states[0].name, list);
}

static void skip_space(const char **text)
{
	while (isspace((unsigned char)**text))
		(*text)++;
}

/* `name : seconds` */
static bool take_state(const struct fwc_timeouts *t, const char **text, uint32_t *seconds)
{
	const char *name = *text;
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789"), i = 0;
	uint64_t n = 0;

	*text += len;
	skip_space(text);
	if (*(*text) != ':')
		return false;
	(*text)++;
	skip_space(text);
	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text) && n <= UINT32_MAX; (*text)++)
		n = n * 10 + (uint64_t)(**text - '0');
	while (i < t->count &&
	       (strlen(t->states[i].name) != len || memcmp(t->states[i].name, name, len) != 0))
		i++;
	if (i == t->count || n > UINT32_MAX)
		return false;
	seconds[i] = (uint32_t)n;
	return true;
}

int fwc_timeouts_parse(const struct fwc_timeouts *t, const char *text,
		       uint32_t seconds[FWC_TIMEOUTS_MOST], struct fwc_error *err)
{
	const char *at = text;

	for (size_t i = 0; i < t->count; i++)
		seconds[i] = t->states[i].seconds;
	if (!text)
		return 0;
	do {
		skip_space(&at);
		if (!take_state(t, &at, seconds))
			return refuse(t, text, err);
		skip_space(&at);
	} while (*at++ == ',');
	return at[-1] ? refuse(t, text, err) : 0;
}

void fwc_timeouts_format(const struct fwc_timeouts *t, const uint32_t seconds[FWC_TIMEOUTS_MOST],
			 struct fwc_buf *out)
{
	const char *between = "";

	for (size_t i = 0; i < t->count; i++) {
		if (seconds[i] == t->states[i].seconds)
			continue;
		fwc_buf_printf(out, "%s%s : %u", between, t->states[i].name, seconds[i]);
		between = ", ";
	}
}

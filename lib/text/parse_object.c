/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands in the declaration of a named object. */
#include "fields/objects.h"
#include "fields/types.h"
#include "text/parse_target.h"
#include "text/words.h"

static int parse_protocol(struct fwc_parser *p, struct fwc_target *t, uint32_t param)
{
	const struct fwc_type *type = fwc_type_by_name("inet_proto", strlen("inet_proto"));
	uint8_t bytes[16];
	uint32_t bits;
	int r = fwc_parse_word(p, type, bytes, &bits);

	if (r == 0)
		fwc_target_put_number(t, param, bytes[0]);
	return r;
}

static int parse_l3(struct fwc_parser *p, struct fwc_target *t, uint32_t param)
{
	static const struct fwc_symbol families[] = { { "ip", FWC_FAMILY_IP },
						      { "ip6", FWC_FAMILY_IP6 },
						      { "inet", FWC_FAMILY_INET },
						      { NULL, 0 } };
	uint64_t family;
	int r = fwc_parser_symbol(p, families, "a family", &family);

	if (r == 0)
		fwc_target_put_number(t, param, family);
	return r;
}

static int parse_time(struct fwc_parser *p, struct fwc_target *t, uint32_t param)
{
	uint64_t ms;
	int r = fwc_parser_time_ms(p, &ms);

	if (r == 0)
		fwc_target_put_number(t, param, ms);
	return r;
}

static int parse_text(struct fwc_parser *p, struct fwc_target *t, uint32_t param)
{
	const char *text = fwc_parser_text(p, "a text in quotes");

	if (text)
		fwc_target_put_text(t, param, text);
	return text ? 0 : -EINVAL;
}

static int parse_helper(struct fwc_parser *p, struct fwc_target *t)
{
	int r;

	if (fwc_parser_accept(p, "l3proto"))
		return parse_l3(p, t, FWC_CT_HELPER_FAMILY);
	if (!fwc_parser_accept(p, "type"))
		return fwc_parser_expected(p, "'type', 'l3proto' or 'comment'");
	r = parse_text(p, t, FWC_CT_HELPER_TYPE);
	if (r == 0)
		r = fwc_parser_expect(p, "protocol");
	return r < 0 ? r : parse_protocol(p, t, FWC_CT_HELPER_PROTOCOL);
}

static int parse_expectation(struct fwc_parser *p, struct fwc_target *t)
{
	if (fwc_parser_accept(p, "protocol"))
		return parse_protocol(p, t, FWC_CT_EXPECTATION_PROTOCOL);
	if (fwc_parser_accept(p, "dport"))
		return fwc_parse_number_param(p, t, FWC_CT_EXPECTATION_DPORT);
	if (fwc_parser_accept(p, "timeout"))
		return parse_time(p, t, FWC_CT_EXPECTATION_TIMEOUT_MS);
	if (fwc_parser_accept(p, "size"))
		return fwc_parse_number_param(p, t, FWC_CT_EXPECTATION_SIZE);
	if (fwc_parser_accept(p, "l3proto"))
		return parse_l3(p, t, FWC_CT_EXPECTATION_FAMILY);
	return fwc_parser_expected(
		p, "'protocol', 'dport', 'timeout', 'size', 'l3proto' or 'comment'");
}

/* A priority is one to three words: `filter`, `-5`, `filter + 10`, `filter -10`. They are put together again. */
const char *fwc_parse_priority(struct fwc_parser *p)
{
	const struct fwc_token *t = &p->lx.token;
	const char *copy;
	struct fwc_buf out;
	char text[64];

	out = fwc_buf_over(text, sizeof(text));
	while ((t->kind == FWC_TOKEN_WORD || t->kind == FWC_TOKEN_SIGN) && !fwc_parser_is(p, ";") &&
	       !fwc_parser_is(p, "}")) {
		fwc_buf_add(&out, t->text, t->len);
		fwc_lexer_next(&p->lx);
	}
	if (!out.len || fwc_buf_finish(&out, NULL) < 0) {
		fwc_parser_expected(p, "a priority: a number or a name such as 'filter'");
		return NULL;
	}
	copy = fwc_arena_strdup(&p->rs->arena, text);
	if (!copy)
		fwc_fail_memory(p->err);
	return copy;
}

/* Up to the brace: the words are read when it is known of which protocol. */
static int parse_policy(struct fwc_parser *p, struct fwc_target *t)
{
	const struct fwc_token *at = &p->lx.token;
	struct fwc_buf out;
	const char *copy;
	char text[256];

	if (fwc_parser_expect(p, "=") < 0 || fwc_parser_expect(p, "{") < 0)
		return -EINVAL;
	out = fwc_buf_over(text, sizeof(text));
	while ((at->kind == FWC_TOKEN_WORD || at->kind == FWC_TOKEN_SIGN) &&
	       !fwc_parser_is(p, "}")) {
		fwc_buf_add(&out, at->text, at->len);
		fwc_lexer_next(&p->lx);
	}
	if (!out.len || fwc_buf_finish(&out, NULL) < 0)
		return fwc_parser_expected(p, "states and seconds: `established : 60`");
	copy = fwc_arena_strdup(&p->rs->arena, text);
	if (!copy)
		return fwc_fail_memory(p->err);
	fwc_target_put_text(t, FWC_CT_TIMEOUT_POLICY, copy);
	return fwc_parser_expect(p, "}");
}

static int parse_timeout(struct fwc_parser *p, struct fwc_target *t)
{
	if (fwc_parser_accept(p, "protocol"))
		return parse_protocol(p, t, FWC_CT_TIMEOUT_PROTOCOL);
	if (fwc_parser_accept(p, "l3proto"))
		return parse_l3(p, t, FWC_CT_TIMEOUT_FAMILY);
	if (!fwc_parser_accept(p, "policy"))
		return fwc_parser_expected(p, "'protocol', 'l3proto', 'policy' or 'comment'");
	return parse_policy(p, t);
}

static void add_flag(struct fwc_target *t, uint32_t flag)
{
	uint64_t flags = 0;

	fwc_target_get_number(t, FWC_FLOWTABLE_FLAGS, &flags);
	fwc_target_put_number(t, FWC_FLOWTABLE_FLAGS, flags | flag);
}

static int parse_flowtable_hook(struct fwc_parser *p, struct fwc_target *t)
{
	const char *priority;

	if (fwc_parser_expect(p, "ingress") < 0 || fwc_parser_expect(p, "priority") < 0)
		return -EINVAL;
	priority = fwc_parse_priority(p);
	if (priority)
		fwc_target_put_text(t, FWC_FLOWTABLE_PRIORITY, priority);
	return priority ? 0 : -EINVAL;
}

static int parse_flowtable_devices(struct fwc_parser *p, struct fwc_target *t)
{
	const struct fwc_type *const names = &fwc_type_ifname;
	const struct fwc_value *v;

	if (fwc_parser_expect(p, "=") < 0)
		return -EINVAL;
	if (!fwc_parser_is(p, "{"))
		return fwc_parser_expected(p, "'{'");
	v = fwc_parse_right(p, &names, 1);
	if (v)
		fwc_target_put_value(t, FWC_FLOWTABLE_DEVICES, v);
	return v ? 0 : -EINVAL;
}

static int parse_flowtable(struct fwc_parser *p, struct fwc_target *t)
{
	if (fwc_parser_accept(p, "hook"))
		return parse_flowtable_hook(p, t);
	if (fwc_parser_accept(p, "devices"))
		return parse_flowtable_devices(p, t);
	if (fwc_parser_accept(p, "counter")) {
		add_flag(t, FWC_FLOWTABLE_COUNTER);
		return 0;
	}
	if (!fwc_parser_accept(p, "flags"))
		return fwc_parser_expected(p, "'hook', 'devices', 'flags' or 'counter'");
	add_flag(t, FWC_FLOWTABLE_OFFLOAD);
	return fwc_parser_expect(p, "offload");
}

/* Of several statements, so what came before stays. */
static int parse_synproxy(struct fwc_parser *p, struct fwc_target *t)
{
	uint64_t flags = 0, before = 0;
	int r;

	fwc_target_get_number(t, FWC_SYNPROXY_FLAGS, &before);
	r = fwc_parse_synproxy(p, t);
	fwc_target_get_number(t, FWC_SYNPROXY_FLAGS, &flags);
	if (r == 0 && (flags | before))
		fwc_target_put_number(t, FWC_SYNPROXY_FLAGS, flags | before);
	return r;
}

int fwc_parse_object_statement(struct fwc_parser *p, struct fwc_target *t)
{
	switch (t->type->kind) {
	case FWC_TARGET_CT_HELPER:
		return parse_helper(p, t);
	case FWC_TARGET_CT_EXPECTATION:
		return parse_expectation(p, t);
	case FWC_TARGET_SECMARK:
		return parse_text(p, t, FWC_SECMARK_CONTEXT);
	case FWC_TARGET_SYNPROXY:
		return parse_synproxy(p, t);
	case FWC_TARGET_CT_TIMEOUT:
		return parse_timeout(p, t);
	case FWC_TARGET_FLOWTABLE:
		return parse_flowtable(p, t);
	default:
		return fwc_parse_stateful_body(p, t);
	}
}

const struct fwc_object_words *fwc_parse_object_kind(struct fwc_parser *p)
{
	for (size_t i = 0; i < fwc_object_kinds_count; i++)
		if (fwc_object_kind_of(fwc_object_kinds[i].type) &&
		    fwc_parser_accept_words(p, fwc_object_kinds[i].name))
			return &fwc_object_kinds[i];
	return NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* docs/FIELDS.md lists what the tables hold: every field, statement and kind of object. The page is made from the tables and
 * from include/fwcore/field.h; FWC_WRITE_PAGE=1 writes it anew. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "../check.h"
#include "core/buf.h"
#include "fields/objects.h"
#include "kernel/feature_rows.h"
#include "model/model.h"
#include "nft/target_shape.h"
#include "nft/uapi.h"

#define PAGE FWC_SOURCE_ROOT "/docs/FIELDS.md"
#define BEGIN "<!-- made by tests/unit/test_tables.c -->\n"

/* ---- where the kernel has it, and since when ---- */

/* Words that a field begins with; the first row that fits counts. */
static const struct origin {
	const char *words, *source, *since;
} fields[] = {
	{ "meta time", "nft_meta.c", "5.4" },
	{ "meta day", "nft_meta.c", "5.4" },
	{ "meta hour", "nft_meta.c", "5.4" },
	{ "meta cgroup", "nft_meta.c", "3.18" },
	{ "meta sdif", "nft_meta.c", "5.6" },
	{ "meta ibrpvid", "nft_meta_bridge.c", "5.3" },
	{ "meta ibrvproto", "nft_meta_bridge.c", "5.3" },
	{ "meta ibrhwaddr", "nft_meta_bridge.c", "6.18" },
	{ "meta broute", "nft_meta_bridge.c", "6.4" },
	{ "meta ibr", "nft_meta_bridge.c", "3.16" },
	{ "meta obr", "nft_meta_bridge.c", "3.16" },
	{ "meta ", "nft_meta.c", "3.13" },
	{ "ct zone", "nft_ct.c", "4.11" },
	{ "ct id", "nft_ct.c", "5.1" },
	{ "ct ", "nft_ct.c", "3.13" },
	{ "fib ", "nft_fib.c", "4.10" },
	{ "rt ipsec", "nft_rt.c", "5.0" },
	{ "rt ", "nft_rt.c", "4.10" },
	{ "socket wildcard", "nft_socket.c", "5.10" },
	{ "socket cgroupv2", "nft_socket.c", "5.13" },
	{ "socket ", "nft_socket.c", "4.18" },
	{ "osf ", "nft_osf.c", "4.19" },
	{ "ipsec ", "nft_xfrm.c", "5.0" },
	{ "numgen", "nft_numgen.c", "4.9" },
	{ "symhash", "nft_hash.c", "4.13" },
	{ "jhash", "nft_hash.c", "4.9" },
	{ "tcp option", "nft_exthdr.c", "4.11" },
	{ "ip option", "nft_exthdr.c", "5.3" },
	{ "sctp chunk", "nft_exthdr.c", "5.14" },
	{ "dccp option", "nft_exthdr.c", "6.5" },
	{ "exthdr ", "nft_exthdr.c", "3.13" },
	{ "tunnel ", "nft_tunnel.c", "4.19" },
	{ "vxlan", "nft_inner.c", "6.2" },
	{ "geneve", "nft_inner.c", "6.2" },
	{ "", "nft_payload.c", "3.13" },
};

static const struct {
	uint32_t kind;
	const char *source, *since;
} targets[] = {
	{ FWC_TARGET_VERDICT, "nft_immediate.c", "3.13" },
	{ FWC_TARGET_VMAP, "nft_lookup.c", "3.13" },
	{ FWC_TARGET_REJECT, "nft_reject.c", "3.14" },
	{ FWC_TARGET_LOG, "nft_log.c", "3.13" },
	{ FWC_TARGET_COUNTER, "nft_counter.c", "3.13" },
	{ FWC_TARGET_LIMIT, "nft_limit.c", "3.13" },
	{ FWC_TARGET_ASSIGN, "nft_meta.c, nft_ct.c, nft_payload.c, nft_exthdr.c", "3.14" },
	{ FWC_TARGET_MASQUERADE, "nft_masq.c", "3.18" },
	{ FWC_TARGET_SNAT, "nft_nat.c", "3.13" },
	{ FWC_TARGET_DNAT, "nft_nat.c", "3.13" },
	{ FWC_TARGET_REDIRECT, "nft_redir.c", "3.19" },
	{ FWC_TARGET_QUOTA, "nft_quota.c", "4.9" },
	{ FWC_TARGET_CONNLIMIT, "nft_connlimit.c", "4.18" },
	{ FWC_TARGET_LAST, "nft_last.c", "5.14" },
	{ FWC_TARGET_NOTRACK, "nft_ct.c", "4.9" },
	{ FWC_TARGET_SYNPROXY, "nft_synproxy.c", "5.3" },
	{ FWC_TARGET_QUEUE, "nft_queue.c", "3.14" },
	{ FWC_TARGET_TPROXY, "nft_tproxy.c", "4.19" },
	{ FWC_TARGET_DUP, "nft_dup_ipv4.c, nft_dup_ipv6.c, nft_dup_netdev.c", "4.3" },
	{ FWC_TARGET_FWD, "nft_fwd_netdev.c", "4.6" },
	{ FWC_TARGET_OBJREF, "nft_objref.c", "4.10" },
	{ FWC_TARGET_FLOW, "nft_flow_offload.c", "4.16" },
	{ FWC_TARGET_UPDATE, "nft_dynset.c", "4.1" },
	{ FWC_TARGET_STRIP, "nft_exthdr.c", "5.18" },
};

static const struct {
	uint32_t type;
	const char *source, *since;
} objects[] = {
	{ FWC_OBJECT_TYPE_COUNTER, "nft_counter.c", "4.10" },
	{ FWC_OBJECT_TYPE_QUOTA, "nft_quota.c", "4.10" },
	{ FWC_OBJECT_TYPE_CT_HELPER, "nft_ct.c", "4.12" },
	{ FWC_OBJECT_TYPE_LIMIT, "nft_limit.c", "4.14" },
	{ FWC_OBJECT_TYPE_TUNNEL, "nft_tunnel.c", "4.19" },
	{ FWC_OBJECT_TYPE_CT_TIMEOUT, "nft_ct.c", "4.19" },
	{ FWC_OBJECT_TYPE_SECMARK, "nft_meta.c", "4.20" },
	{ FWC_OBJECT_TYPE_CT_EXPECTATION, "nft_ct.c", "5.3" },
	{ FWC_OBJECT_TYPE_SYNPROXY, "nft_synproxy.c", "5.4" },
	{ FWC_OBJECT_TYPE_FLOWTABLE, "nf_tables_api.c", "4.16" },
};

static const struct origin *origin_of(const char *words, const struct fwc_field_row *f)
{
	const struct origin *o = fields;

	/* Extension headers of IPv6 have names of their own: `rt type` is none of a route. */
	if (f && f->load == FWC_LOAD_EXTHDR && f->base == NFT_EXTHDR_OP_IPV6)
		words = "exthdr ";
	while (strncmp(words, o->words, strlen(o->words)) != 0)
		o++;
	return o;
}

/* ---- the header ---- */

struct named {
	char name[64], comment[160];
	uint32_t id;
};

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);
	size_t len;

	ck_assert_msg(f != NULL, "%s cannot be read", path);
	len = fread(text, 1, (1 << 20) - 1, f);
	ck_assert_uint_gt(len, 0);
	fclose(f);
	return text;
}

/* What a comment says, on one line. */
static void read_comment(const char *at, char *ret, size_t room)
{
	const char *end = strstr(at, "*/");
	size_t len = 0;

	at += strspn(at, "/*< ");
	for (; at < end && len + 1 < room; at++)
		if (!isspace((unsigned char)*at) || (len && ret[len - 1] != ' '))
			ret[len++] = isspace((unsigned char)*at) ? ' ' : *at;
	while (len && ret[len - 1] == ' ')
		len--;
	ret[len] = '\0';
}

/* enum fwc_field, one after the other. */
static size_t read_header(struct named *all, size_t room)
{
	char *text = read_file(FWC_SOURCE_ROOT "/include/fwcore/field.h");
	const char *at = strstr(text, "enum fwc_field {"), *end = strstr(at, "};");
	size_t count = 0;

	while ((at = strstr(at, "FWC_FIELD_")) && at < end) {
		struct named *n = &all[count];
		const char *before = at, *number = at + strcspn(at, "=");
		size_t len = strcspn(at, " =\n");

		ck_assert_uint_lt(count, room);
		snprintf(n->name, sizeof(n->name), "%.*s", (int)len, at);
		n->id = (uint32_t)strtoul(number + 1, NULL, 10);
		at = number + strcspn(number, ",");
		at += strspn(at, ", \t");
		if (!strncmp(at, "/**<", 4)) {
			read_comment(at, n->comment, sizeof(n->comment));
		} else {
			while (strncmp(before, "/**", 3) != 0)
				before--;
			read_comment(before, n->comment, sizeof(n->comment));
		}
		count++;
	}
	free(text);
	return count;
}

/* ---- the page ---- */

static void put_fields(struct fwc_buf *out, const struct named *all, size_t count)
{
	fwc_buf_puts(out, "\n## Fields\n\n| nft | C | type | bits | set | kernel | Linux |\n"
			  "|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < count; i++) {
		const struct fwc_field_row *f = fwc_field_by_id(all[i].id);
		const struct origin *o;

		if (!f)
			continue;
		o = origin_of(f->name, f);
		fwc_buf_printf(out, "| `%s`", f->name);
		if (f->alias)
			fwc_buf_printf(out, ", `%s`", f->alias);
		fwc_buf_printf(out, " | `%s` | %s | %u | %s | %s | %s |\n", all[i].name + 10,
			       f->type->name, f->type->bits ? f->type->bits : 8u * f->type->len,
			       fwc_field_is_settable(f) ? "yes" : "", o->source, o->since);
	}
	fwc_buf_puts(out, "\n## Fields with parameters\n\n| C | in nft's words | kernel | Linux |\n"
			  "|---|---|---|---|\n");
	for (size_t i = 0; i < count; i++) {
		const struct origin *o = origin_of(all[i].comment, NULL);

		if (!fwc_field_by_id(all[i].id))
			fwc_buf_printf(out, "| `%s` | %s | %s | %s |\n", all[i].name + 10,
				       all[i].comment, o->source, o->since);
	}
}

static void put_targets(struct fwc_buf *out)
{
	fwc_buf_puts(out, "\n## Statements\n\n| nft | parameters | expression | kernel | Linux |\n"
			  "|---|---|---|---|---|\n");
	for (uint32_t i = 0; i < FWC_ARRAY_SIZE(targets); i++) {
		const struct fwc_target_type *t = fwc_target_type(targets[i].kind);
		const struct fwc_target_shape *shape = fwc_target_shape(targets[i].kind);
		bool any = false;

		fwc_buf_printf(out, "| `%s` | ", t->name);
		for (uint32_t n = 0; n < t->count; n++) {
			const struct fwc_param_kind *p = &t->params[n];

			if (!p->form)
				continue;
			fwc_buf_printf(out, "%s%s%s", any ? ", " : "", p->name,
				       p->required ? " (required)" : "");
			any = true;
		}
		fwc_buf_printf(out, " | %s | %s | %s |\n",
			       shape && *shape->expression ? shape->expression : "",
			       targets[i].source, targets[i].since);
	}
}

static void put_objects(struct fwc_buf *out)
{
	fwc_buf_puts(out,
		     "\n## Named objects\n\n| nft | in a rule | parameters | kernel | Linux |\n"
		     "|---|---|---|---|---|\n");
	for (size_t i = 0; i < fwc_object_kinds_count; i++) {
		const struct fwc_object_words *o = &fwc_object_kinds[i];
		const struct fwc_target_type *t = fwc_target_type(fwc_object_kind_of(o->type));

		ck_assert_uint_eq(objects[i].type, o->type);
		fwc_buf_printf(out, "| `%s` | `%s` | ", o->name,
			       o->statement ? o->statement : "flow add");
		for (uint32_t n = 0; t && n < t->count; n++)
			fwc_buf_printf(out, "%s%s", n ? ", " : "", t->params[n].name);
		fwc_buf_printf(out, "%s | %s | %s |\n", t ? "" : "kept as bytes", objects[i].source,
			       objects[i].since);
	}
}

static void write_page(const char *head, size_t head_len, const struct fwc_buf *made)
{
	FILE *f = fopen(PAGE, "w");

	ck_assert_ptr_nonnull(f);
	fwrite(head, 1, head_len, f);
	fwrite(made->data, 1, made->len, f);
	fclose(f);
}

static void assert_same_lines(const char *page, const char *made)
{
	while (*page || *made) {
		size_t len = strcspn(page, "\n"), other = strcspn(made, "\n");

		ck_assert_msg(len == other && !memcmp(page, made, len),
			      "docs/FIELDS.md says '%.*s' where the tables say '%.*s'", (int)len,
			      page, (int)other, made);
		page += len + (page[len] != '\0');
		made += other + (made[other] != '\0');
	}
}

START_TEST(the_page_of_fields_lists_what_the_tables_hold)
{
	struct named *all = calloc(1024, sizeof(*all));
	size_t count = read_header(all, 1024), known = 0;
	struct fwc_buf made = { 0 };
	char *page = read_file(PAGE), *begin = strstr(page, BEGIN);

	ck_assert_ptr_nonnull(begin);
	begin += strlen(BEGIN);
	for (size_t i = 0; i < count; i++)
		known += fwc_field_by_id(all[i].id) != NULL;
	ck_assert_uint_eq(known, fwc_fields_count); /* the header names every row */
	put_fields(&made, all, count);
	put_targets(&made);
	put_objects(&made);
	if (getenv("FWC_WRITE_PAGE"))
		write_page(page, (size_t)(begin - page), &made);
	else
		assert_same_lines(begin, made.data);
	fwc_buf_free(&made);
	free(page);
	free(all);
}
END_TEST

/* Where a feature that is asked for is called like a field or statement, both say the same release. */
START_TEST(releases_are_those_of_the_features)
{
	size_t checked = 0;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(fields); i++) {
		const struct fwc_feature_row *f = fwc_feature_row_find(fields[i].words);

		if (f)
			ck_assert_str_eq(f->since, fields[i].since);
		checked += f != NULL;
	}
	for (size_t i = 0; i < FWC_ARRAY_SIZE(targets); i++) {
		const char *name = fwc_target_type(targets[i].kind)->name;
		/* The feature `set` is another thing than `meta mark set`. */
		const struct fwc_feature_row *f =
			strcmp(name, "set") ? fwc_feature_row_find(name) : NULL;

		if (f)
			ck_assert_msg(!strcmp(f->since, targets[i].since), "%s", f->name);
		checked += f != NULL;
	}
	ck_assert_uint_gt(checked, 20);
	/* No statement is missing. */
	for (uint32_t kind = 1; kind < FWC_TARGET_CT_HELPER; kind++)
		if (fwc_target_type(kind))
			ck_assert_uint_eq(targets[kind - 1].kind, kind);
	ck_assert_uint_eq(FWC_ARRAY_SIZE(objects), fwc_object_kinds_count);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("tables");
	TCase *tc = tcase_create("pages");

	tcase_add_test(tc, the_page_of_fields_lists_what_the_tables_hold);
	tcase_add_test(tc, releases_are_those_of_the_features);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule of iptables in nft's words: what every rule can have, and its extensions in their order. */
#include "iptables/translate.h"

#include "iptables/forms.h"
#include "iptables/iptables.h"

const char *fwc_xt_family_word(const struct fwc_xt_translation *t)
{
	return t->x->family == FWC_FAMILY_IP6 ? "ip6" : "ip";
}

void fwc_xt_words_of_range(struct fwc_buf *out, const uint8_t *info, size_t at, size_t len)
{
	unsigned long long first = fwc_xt_get(info, at, len),
			   last = fwc_xt_get(info, at + len, len);

	fwc_buf_printf(out, "%llu", first);
	if (first != last)
		fwc_buf_printf(out, "-%llu", last);
}

bool fwc_xt_is_quotable(const char *text, size_t most)
{
	size_t len = strnlen(text, most + 1);

	if (len > most)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] == '"' || text[i] == '\\' || (unsigned char)text[i] < ' ')
			return false;
	return true;
}

/* ---- what every rule can have ---- */

static bool put_interface(struct fwc_xt_translation *t, const char *field,
			  const struct fwc_xt_interface *i)
{
	size_t len = strlen(i->name);
	bool open = len && i->name[len - 1] == '+';

	if (!len || (!strcmp(i->name, "+") && !i->inverted))
		return true;
	if (!strcmp(i->name, "+") || strchr(i->name, '*') || !fwc_xt_is_quotable(i->name, 15))
		return false;
	fwc_buf_printf(t->out, "%s %s\"%.*s%s\" ", field, i->inverted ? "!= " : "",
		       (int)(open ? len - 1 : len), i->name, open ? "*" : "");
	return true;
}

static void put_address(struct fwc_xt_translation *t, const char *side,
			const struct fwc_xt_prefix *p)
{
	size_t len = fwc_xt_address_len(t->x->family);
	int bits = fwc_mask_to_prefix(p->mask, len);

	if (!p->given || (!bits && !p->inverted))
		return;
	fwc_buf_printf(t->out, "%s %s ", fwc_xt_family_word(t), side);
	if (bits < 0) {
		fwc_buf_puts(t->out, "& ");
		fwc_xt_format_address(t->x->family, p->mask, t->out);
		fwc_buf_puts(t->out, p->inverted ? " != " : " == ");
	} else if (p->inverted) {
		fwc_buf_puts(t->out, "!= ");
	}
	fwc_xt_format_address(t->x->family, p->address, t->out);
	if (bits >= 0 && bits < (int)(8 * len))
		fwc_buf_printf(t->out, "/%d", bits);
	fwc_buf_puts(t->out, " ");
}

static bool put_standard(struct fwc_xt_translation *t)
{
	const struct fwc_xt_rule *x = t->x;

	if (!put_interface(t, "iifname", &x->in) || !put_interface(t, "oifname", &x->out))
		return false;
	put_address(t, "saddr", &x->source);
	put_address(t, "daddr", &x->destination);
	/* Also where a match follows that implies it: one without options says nothing else. */
	if (x->proto)
		fwc_buf_printf(t->out, "meta l4proto %s%u ", x->proto_inverted ? "!= " : "",
			       x->proto);
	if (x->fragment)
		fwc_buf_printf(t->out, "ip frag-off & 0x1fff %s 0 ",
			       x->fragment_inverted ? "==" : "!=");
	return true;
}

/* ---- extensions ---- */

static int fail(struct fwc_error *err, const struct fwc_xt_use *u)
{
	bool is_target = u->row ? u->row->is_target : u->kernel->is_target;

	return fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_RULE,
			"%s %s, as it is used here, has no form in native tables",
			is_target ? "-j" : "-m", u->row ? u->row->name : u->kernel->name);
}

static int put_use(struct fwc_xt_translation *t, const struct fwc_xt_use *u,
		   const struct fwc_xt_translators *known, struct fwc_error *err)
{
	size_t len = t->out->len;

	for (size_t i = 0; u->row && i < known->count; i++) {
		const struct fwc_xt_translator *one = &known->list[i];

		if (strcmp(one->name, u->row->name) != 0 || one->revision != u->row->revision)
			continue;
		if (!one->translate(t, u->info))
			break;
		if (t->out->len != len && t->out->data[t->out->len - 1] != ' ')
			fwc_buf_puts(t->out, " ");
		return 0;
	}
	return fail(err, u);
}

static void put_verdict(struct fwc_xt_translation *t)
{
	static const char *const words[] = {
		[FWC_VERDICT_ACCEPT] = "accept",
		[FWC_VERDICT_DROP] = "drop",
		[FWC_VERDICT_RETURN] = "return",
	};
	uint32_t verdict = t->x->verdict;

	if (t->x->chain)
		fwc_buf_printf(t->out, "%s %s ", verdict == FWC_VERDICT_GOTO ? "goto" : "jump",
			       t->x->chain);
	else if (verdict < FWC_ARRAY_SIZE(words) && words[verdict])
		fwc_buf_printf(t->out, "%s ", words[verdict]);
}

int fwc_xt_translate_rule(const struct fwc_xt_rule *x, struct fwc_buf *out,
			  const char **ret_differs, struct fwc_error *err)
{
	struct fwc_xt_translation t = { .out = out, .x = x };
	int r;

	if (x->family != FWC_FAMILY_IP && x->family != FWC_FAMILY_IP6)
		return fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_RULE,
				"rules of arp have no native form here: those of ip and ip6 have");
	r = put_standard(&t) ? 0
			     : fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_RULE,
					"'! -i +' and names with '*' have no native form");

	for (size_t i = 0; r == 0 && i < x->matches.count; i++)
		r = put_use(&t, x->matches.items[i], &fwc_xt_match_translators, err);
	if (r < 0)
		return r;
	fwc_buf_puts(out, "counter ");
	if (x->packets || x->bytes)
		fwc_buf_printf(out, "packets %llu bytes %llu ", (unsigned long long)x->packets,
			       (unsigned long long)x->bytes);
	if (x->target)
		r = put_use(&t, x->target, &fwc_xt_target_translators, err);
	if (r < 0)
		return r;
	put_verdict(&t);
	if (t.comment)
		fwc_buf_printf(out, "comment \"%s\" ", t.comment);
	*ret_differs = t.differs;
	return 0;
}

int fwc_rule_translate(const struct fwc_rule *rule, char *buf, size_t size, size_t *ret_needed,
		       uint32_t *ret_translation, struct fwc_error *err)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf words = { 0 };
	const char *differs = NULL;
	struct fwc_xt_rule x;
	struct fwc_buf out;
	int r;

	fwc_error_clear(err);
	if (!rule || (size && !buf))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE, "a rule and a buffer are needed");
	if (!rule->chain->table->is_iptables)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"table %s is none of iptables: its rules are native already",
				rule->chain->table->name);
	r = fwc_xt_take_items(rule, &x, err);
	if (r == 0)
		r = fwc_xt_translate_rule(&x, &words, &differs, err);
	if (r == 0 && words.failed)
		r = fwc_fail_memory(err);
	if (r == 0) {
		out = fwc_buf_over(buf, size);
		fwc_buf_add(&out, words.data, words.len - 1);
		r = fwc_buf_finish(&out, ret_needed);
		if (ret_translation)
			*ret_translation =
				differs ? FWC_TRANSLATION_APPROXIMATE : FWC_TRANSLATION_EXACT;
		if (r == 0 && differs)
			fwc_fail(err, 0, FWC_OBJECT_RULE, "%s", differs);
	}
	fwc_xt_rule_free(&x);
	return r;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What NLMSG_ERROR says: the code, and with extended acks the place and the kernel's words. */
#include "netlink/netlink.h"

enum { MAX_ERRNO = 4095 };

static void read_words(struct fwc_nl_answer *ret, const struct fwc_attr *msg)
{
	const char *text = fwc_attr_text(msg);

	if (text)
		fwc_copy_name(ret->text, sizeof(ret->text), text);
}

int fwc_nl_parse_error(const struct nlmsghdr *nlh, struct fwc_slice payload,
		       struct fwc_nl_answer *ret)
{
	struct fwc_nl_answer answer = { .seq = nlh->nlmsg_seq };
	struct fwc_attr attrs[NLMSGERR_ATTR_OFFS + 1];
	size_t skip = sizeof(struct nlmsgerr);
	struct nlmsgerr e;

	if (payload.len < sizeof(e))
		return -EBADMSG;
	memcpy(&e, payload.data, sizeof(e));
	if (e.error > 0 || e.error < -MAX_ERRNO)
		return -EBADMSG;
	answer.code = e.error;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
			/* The whole message that failed comes before the attributes. */
			if (e.msg.nlmsg_len < sizeof(e.msg) || e.msg.nlmsg_len > payload.len)
				return -EBADMSG;
			skip += NLMSG_ALIGN(e.msg.nlmsg_len) - sizeof(e.msg);
		}
		if (skip > payload.len)
			return -EBADMSG;
		if (fwc_attrs_parse((struct fwc_slice){ payload.data + skip, payload.len - skip },
				    attrs, NLMSGERR_ATTR_OFFS) < 0)
			return -EBADMSG;
		fwc_attr_u32(&attrs[NLMSGERR_ATTR_OFFS], &answer.offset);
		read_words(&answer, &attrs[NLMSGERR_ATTR_MSG]);
	}
	*ret = answer;
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NLMSG_ERROR with any bytes: two of flags, then the payload. */
#include <stdlib.h>

#include "fuzz.h"
#include "netlink/netlink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr nlh = { .nlmsg_type = NLMSG_ERROR, .nlmsg_seq = 1 };
	struct fwc_nl_answer answer;
	uint8_t *payload;

	if (size < 2)
		return 0;
	memcpy(&nlh.nlmsg_flags, data, 2);
	size -= 2;
	nlh.nlmsg_len = (uint32_t)(sizeof(nlh) + size);
	payload = malloc(size ? size : 1);
	if (!payload)
		return 0;
	memcpy(payload, data + 2, size);
	if (fwc_nl_parse_error(&nlh, (struct fwc_slice){ payload, size }, &answer) == 0 &&
	    (answer.code > 0 || strlen(answer.text) >= sizeof(answer.text)))
		abort();
	free(payload);
	return 0;
}

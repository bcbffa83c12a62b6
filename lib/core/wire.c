/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <endian.h>
#include <stdlib.h>

#include "core/wire.h"

static size_t pad4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

void fwc_wire_free(struct fwc_wire *w)
{
	free(w->data);
	memset(w, 0, sizeof(*w));
}

void fwc_wire_reset(struct fwc_wire *w)
{
	w->len = 0;
	w->error = 0;
}

int fwc_wire_error(const struct fwc_wire *w, struct fwc_error *err)
{
	if (w->error == -EMSGSIZE)
		return fwc_fail(err, w->error, FWC_OBJECT_NONE,
				"a netlink attribute would hold more than 65535 bytes");
	return w->error ? fwc_fail_memory(err) : 0;
}

/* Room for at least `more` bytes after those that are there. */
static bool grow(struct fwc_wire *w, size_t more, size_t room)
{
	uint8_t *p;

	if (w->room - w->len >= more)
		return true;
	while (room - w->len < more)
		room *= 2;
	p = fwc_block_grow(w->data, w->len, room);
	if (!p)
		return false;
	w->data = p;
	w->room = room;
	return true;
}

void fwc_wire_reserve(struct fwc_wire *w, size_t more)
{
	/* Without it growing does as well. */
	if (!w->error && more < SIZE_MAX / 4)
		(void)grow(w, more, w->len + more);
}

/* Room for `len` more bytes, zeroed up to the next multiple of 4; NULL when that failed. */
static uint8_t *extend(struct fwc_wire *w, size_t len)
{
	size_t padded = pad4(len);
	uint8_t *p;

	if (w->error)
		return NULL;
	if (!grow(w, padded, w->room ? w->room * 2 : 4096)) {
		w->error = -ENOMEM;
		return NULL;
	}
	p = w->data + w->len;
	if (padded != len)
		memset(p + padded - 4, 0, 4);
	w->len += padded;
	return p;
}

size_t fwc_wire_begin(struct fwc_wire *w, uint16_t type, uint16_t flags, uint32_t seq,
		      const void *extra, size_t extra_len)
{
	struct nlmsghdr h = { .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = seq };
	size_t msg = w->len;
	uint8_t *p = extend(w, sizeof(h) + extra_len);

	if (p) {
		memcpy(p, &h, sizeof(h));
		memcpy(p + sizeof(h), extra, extra_len);
	}
	return msg;
}

void fwc_wire_end(struct fwc_wire *w, size_t msg)
{
	uint32_t len;

	if (w->error)
		return;
	if (w->len - msg > UINT32_MAX) {
		w->error = -EMSGSIZE;
		return;
	}
	len = (uint32_t)(w->len - msg);
	memcpy(w->data + msg + offsetof(struct nlmsghdr, nlmsg_len), &len, sizeof(len));
}

void fwc_put(struct fwc_wire *w, uint16_t type, const void *bytes, size_t len)
{
	struct nlattr a = { .nla_len = (uint16_t)(sizeof(a) + len), .nla_type = type };
	uint8_t *p;

	if (len > UINT16_MAX - sizeof(a)) {
		w->error = w->error ? w->error : -EMSGSIZE;
		return;
	}
	p = extend(w, sizeof(a) + len);
	if (!p)
		return;
	memcpy(p, &a, sizeof(a));
	if (len)
		memcpy(p + sizeof(a), bytes, len);
}

void fwc_put_text(struct fwc_wire *w, uint16_t type, const char *s)
{
	fwc_put(w, type, s, strlen(s) + 1);
}

void fwc_put_u8(struct fwc_wire *w, uint16_t type, uint8_t n)
{
	fwc_put(w, type, &n, sizeof(n));
}

void fwc_put_be16(struct fwc_wire *w, uint16_t type, uint16_t n)
{
	n = htobe16(n);
	fwc_put(w, type, &n, sizeof(n));
}

void fwc_put_be32(struct fwc_wire *w, uint16_t type, uint32_t n)
{
	n = htobe32(n);
	fwc_put(w, type, &n, sizeof(n));
}

void fwc_put_be64(struct fwc_wire *w, uint16_t type, uint64_t n)
{
	n = htobe64(n);
	fwc_put(w, type, &n, sizeof(n));
}

void fwc_put_u32(struct fwc_wire *w, uint16_t type, uint32_t n)
{
	fwc_put(w, type, &n, sizeof(n));
}

size_t fwc_nest_begin(struct fwc_wire *w, uint16_t type)
{
	size_t nest = w->len;

	fwc_put(w, type | NLA_F_NESTED, NULL, 0);
	return nest;
}

void fwc_nest_end(struct fwc_wire *w, size_t nest)
{
	uint16_t len;

	if (w->error)
		return;
	if (w->len - nest > UINT16_MAX) {
		w->error = -EMSGSIZE;
		return;
	}
	len = (uint16_t)(w->len - nest);
	memcpy(w->data + nest, &len, sizeof(len));
}

void fwc_wire_add(struct fwc_wire *w, const void *bytes, size_t len)
{
	uint8_t *p = extend(w, len);

	if (p && len)
		memcpy(p, bytes, len);
}

int fwc_attr_next(struct fwc_slice *s, struct fwc_attr *ret)
{
	struct nlattr a;
	size_t step;

	if (s->len == 0)
		return 0;
	if (s->len < sizeof(a))
		return -EBADMSG;
	memcpy(&a, s->data, sizeof(a));
	if (a.nla_len < sizeof(a) || a.nla_len > s->len)
		return -EBADMSG;
	ret->type = a.nla_type & NLA_TYPE_MASK;
	ret->data = s->data + sizeof(a);
	ret->len = a.nla_len - sizeof(a);
	ret->whole = (struct fwc_slice){ s->data, a.nla_len };
	step = pad4(a.nla_len);
	if (step > s->len)
		step = s->len; /* the last attribute's padding may be missing */
	s->data += step;
	s->len -= step;
	return 1;
}

int fwc_attrs_parse(struct fwc_slice s, struct fwc_attr *table, uint16_t max)
{
	struct fwc_attr a;
	int r;

	memset(table, 0, ((size_t)max + 1) * sizeof(*table));
	while ((r = fwc_attr_next(&s, &a)) > 0)
		if (a.type <= max)
			table[a.type] = a;
	return r;
}

bool fwc_attr_be16(const struct fwc_attr *a, uint16_t *ret)
{
	if (!a->data || a->len != sizeof(*ret))
		return false;
	memcpy(ret, a->data, sizeof(*ret));
	*ret = be16toh(*ret);
	return true;
}

bool fwc_attr_be32(const struct fwc_attr *a, uint32_t *ret)
{
	if (!fwc_attr_u32(a, ret))
		return false;
	*ret = be32toh(*ret);
	return true;
}

bool fwc_attr_be64(const struct fwc_attr *a, uint64_t *ret)
{
	if (!a->data || a->len != sizeof(*ret))
		return false;
	memcpy(ret, a->data, sizeof(*ret));
	*ret = be64toh(*ret);
	return true;
}

bool fwc_attr_u8(const struct fwc_attr *a, uint8_t *ret)
{
	if (!a->data || a->len != sizeof(*ret))
		return false;
	*ret = a->data[0];
	return true;
}

bool fwc_attr_u32(const struct fwc_attr *a, uint32_t *ret)
{
	if (!a->data || a->len != sizeof(*ret))
		return false;
	memcpy(ret, a->data, sizeof(*ret));
	return true;
}

const char *fwc_attr_text(const struct fwc_attr *a)
{
	if (!a->data || !memchr(a->data, '\0', a->len))
		return NULL;
	return (const char *)a->data;
}

int fwc_msg_next(struct fwc_slice *s, const struct nlmsghdr **ret, struct fwc_slice *ret_payload)
{
	const struct nlmsghdr *h = (const void *)s->data;
	size_t step;

	if (s->len == 0)
		return 0;
	if (s->len < sizeof(*h) || h->nlmsg_len < sizeof(*h) || h->nlmsg_len > s->len)
		return -EBADMSG;
	*ret = h;
	*ret_payload = (struct fwc_slice){ s->data + sizeof(*h), h->nlmsg_len - sizeof(*h) };
	step = pad4(h->nlmsg_len);
	if (step > s->len)
		step = s->len;
	s->data += step;
	s->len -= step;
	return 1;
}

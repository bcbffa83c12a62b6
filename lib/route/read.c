/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTM_NEWLINK and RTM_NEWADDR into the snapshot.
 *
 * Foreign bytes are cut to what the fields hold; attributes of another size than the kernel's are passed over. */
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "route/interfaces.h"

enum { FIRST_ROOM = 64 };

/* Makes room for one more; the new one is zeroed. More than a few are put into a huge page at once: the first touch of
 * so many small ones, and again at each doubling, costs more than reading them. */
static void *push(void **items, size_t *count, size_t *room, size_t size)
{
	uint8_t *at;

	if (*count == *room) {
		size_t more = *room ? *room * 2 : FIRST_ROOM;
		void *p;

		if (*room && more * size < FWC_HUGE_PAGE)
			more = FWC_HUGE_PAGE / size + 1;
		p = more > SIZE_MAX / size ? NULL
					   : fwc_block_grow(*items, *count * size, more * size);
		if (!p)
			return NULL;
		*items = p;
		*room = more;
	}
	at = (uint8_t *)*items + *count * size;
	(*count)++;
	return memset(at, 0, size);
}

struct stats_field {
	size_t from, to;
};

#define STATS(kernel, ours)                                                                        \
	{                                                                                          \
		offsetof(struct rtnl_link_stats64, kernel),                                        \
			offsetof(struct fwc_interface_stats, ours)                                 \
	}

static const struct stats_field stats_fields[] = {
	STATS(rx_packets, rx_packets),      STATS(tx_packets, tx_packets),
	STATS(rx_bytes, rx_bytes),          STATS(tx_bytes, tx_bytes),
	STATS(rx_errors, rx_errors),        STATS(tx_errors, tx_errors),
	STATS(rx_dropped, rx_dropped),      STATS(tx_dropped, tx_dropped),
	STATS(rx_over_errors, rx_overruns), STATS(rx_frame_errors, rx_frame),
	STATS(tx_fifo_errors, tx_overruns), STATS(tx_carrier_errors, tx_carrier),
	STATS(collisions, collisions),      STATS(multicast, multicast),
};

/* The kernel's struct grows at its end: a shorter one is an older kernel's. */
static void read_stats(struct fwc_interface_stats *stats, const struct fwc_attr *attr)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(stats_fields); i++) {
		const struct stats_field *f = &stats_fields[i];

		if (f->from + sizeof(uint64_t) <= attr->len)
			memcpy((uint8_t *)stats + f->to, attr->data + f->from, sizeof(uint64_t));
	}
}

/* A text of the message, without control characters' power to end early: up to its NUL. NULL: out of memory. */
static const char *copy_text(struct fwc_interfaces *list, const struct fwc_attr *attr)
{
	size_t len = strnlen((const char *)attr->data, attr->len);
	char *text = fwc_arena_alloc(&list->arena, len + 1);

	if (text)
		memcpy(text, attr->data, len);
	return text;
}

static int read_kind(struct fwc_interfaces *list, struct fwc_interface *i,
		     const struct fwc_attr *linkinfo)
{
	struct fwc_attr info[IFLA_INFO_KIND + 1];

	if (fwc_attrs_parse(fwc_attr_slice(linkinfo), info, IFLA_INFO_KIND) < 0)
		return -EBADMSG;
	if (!info[IFLA_INFO_KIND].data)
		return 0;
	i->kind = copy_text(list, &info[IFLA_INFO_KIND]);
	return i->kind ? 0 : -ENOMEM;
}

static int read_link_attr(struct fwc_interfaces *list, struct fwc_interface *i,
			  const struct fwc_attr *attr)
{
	uint32_t netns;

	switch (attr->type) {
	case IFLA_IFNAME:
		memcpy(i->name, attr->data,
		       strnlen((const char *)attr->data,
			       attr->len < sizeof(i->name) - 1 ? attr->len : sizeof(i->name) - 1));
		return 0;
	case IFLA_ADDRESS:
		i->mac_len = (uint8_t)(attr->len < sizeof(i->mac) ? attr->len : sizeof(i->mac));
		memcpy(i->mac, attr->data, i->mac_len);
		return 0;
	case IFLA_MTU:
		fwc_attr_u32(attr, &i->mtu);
		return 0;
	case IFLA_TXQLEN:
		fwc_attr_u32(attr, &i->tx_queue_len);
		return 0;
	case IFLA_MASTER:
		fwc_attr_u32(attr, &i->master);
		return 0;
	case IFLA_LINK:
		fwc_attr_u32(attr, &i->peer);
		return 0;
	case IFLA_LINK_NETNSID:
		i->has_peer_netns = fwc_attr_u32(attr, &netns);
		if (i->has_peer_netns)
			i->peer_netns = (int32_t)netns;
		return 0;
	case IFLA_OPERSTATE:
		fwc_attr_u8(attr, &i->state);
		return 0;
	case IFLA_CARRIER:
		i->carrier = attr->len == 1 && attr->data[0];
		return 0;
	case IFLA_STATS64:
		read_stats(&i->stats, attr);
		return 0;
	case IFLA_PARENT_DEV_NAME:
		i->has_parent_device = true;
		return 0;
	case IFLA_LINKINFO:
		return read_kind(list, i, attr);
	case IFLA_IFALIAS:
		i->alias = copy_text(list, attr);
		return i->alias ? 0 : -ENOMEM;
	default:
		return 0;
	}
}

static int name_link_type(struct fwc_interfaces *list, struct fwc_interface *i)
{
	char text[32];

	i->link_type_name = fwc_link_type_name(i->link_type);
	if (i->link_type_name)
		return 0;
	snprintf(text, sizeof(text), "link/%u", i->link_type);
	i->link_type_name = fwc_arena_strdup(&list->arena, text);
	return i->link_type_name ? 0 : -ENOMEM;
}

int fwc_interfaces_read_link(struct fwc_interfaces *list, struct fwc_slice payload)
{
	struct fwc_interface *i;
	struct ifinfomsg head;
	struct fwc_attr attr;
	int r;

	if (payload.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, payload.data, sizeof(head));
	payload.data += sizeof(head);
	payload.len -= sizeof(head);
	i = push((void **)&list->items, &list->count, &list->room, sizeof(*i));
	if (!i)
		return -ENOMEM;
	i->index = (uint32_t)head.ifi_index;
	i->flags = head.ifi_flags;
	i->link_type = head.ifi_type;
	i->kind = "";
	r = name_link_type(list, i);
	while (r == 0 && (r = fwc_attr_next(&payload, &attr)) > 0)
		r = read_link_attr(list, i, &attr);
	return r;
}

static void read_ip(struct fwc_ip *ip, uint8_t family, const struct fwc_attr *attr)
{
	size_t len = family == AF_INET ? 4 : 16;

	if (!attr->data || attr->len != len)
		return;
	ip->family = family == AF_INET ? FWC_FAMILY_IP : FWC_FAMILY_IP6;
	memcpy(ip->bytes, attr->data, len);
}

int fwc_interfaces_read_address(struct fwc_interfaces *list, struct fwc_slice payload)
{
	struct fwc_attr attrs[IFA_FLAGS + 1];
	struct fwc_interface_address_read *in;
	struct fwc_interface_address *a;
	struct ifaddrmsg head;

	if (payload.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, payload.data, sizeof(head));
	if (head.ifa_family != AF_INET && head.ifa_family != AF_INET6)
		return 0;
	payload.data += sizeof(head);
	payload.len -= sizeof(head);
	if (fwc_attrs_parse(payload, attrs, IFA_FLAGS) < 0)
		return -EBADMSG;
	in = push((void **)&list->read, &list->read_count, &list->read_room, sizeof(*in));
	if (!in)
		return -ENOMEM;
	in->index = head.ifa_index;
	a = &in->address;
	a->prefix_len = head.ifa_prefixlen;
	a->scope = head.ifa_scope;
	a->flags = head.ifa_flags;
	fwc_attr_u32(&attrs[IFA_FLAGS], &a->flags); /* has the bits above 0xff as well */
	/* With both, LOCAL is the interface's own address and ADDRESS the one across. */
	read_ip(&a->ip, head.ifa_family,
		attrs[IFA_LOCAL].data ? &attrs[IFA_LOCAL] : &attrs[IFA_ADDRESS]);
	read_ip(&a->peer, head.ifa_family, &attrs[IFA_ADDRESS]);
	if (!memcmp(&a->peer, &a->ip, sizeof(a->ip)))
		memset(&a->peer, 0, sizeof(a->peer));
	read_ip(&a->broadcast, head.ifa_family, &attrs[IFA_BROADCAST]);
	if (fwc_attr_text(&attrs[IFA_LABEL]))
		fwc_copy_name(a->label, sizeof(a->label), fwc_attr_text(&attrs[IFA_LABEL]));
	return 0;
}

static int by_index(const void *a, const void *b)
{
	const struct fwc_interface *x = a, *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

struct fwc_interface *fwc_interfaces_lookup(const struct fwc_interfaces *list, uint32_t index)
{
	struct fwc_interface key = { .index = index };

	return list->count ? bsearch(&key, list->items, list->count, sizeof(key), by_index) : NULL;
}

int fwc_interfaces_finish(struct fwc_interfaces *list)
{
	struct fwc_interface_address *all, *next;
	struct fwc_interface *i;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), by_index);
	next = all = fwc_arena_alloc(&list->arena, list->read_count * sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (size_t n = 0; n < list->read_count; n++) {
		i = fwc_interfaces_lookup(list, list->read[n].index);
		if (i)
			i->address_count++;
	}
	for (size_t n = 0; n < list->count; n++) {
		list->items[n].addresses = next;
		next += list->items[n].address_count;
		list->items[n].address_count = 0;
	}
	for (size_t n = 0; n < list->read_count; n++) {
		i = fwc_interfaces_lookup(list, list->read[n].index);
		if (i)
			all[(i->addresses - all) + (ptrdiff_t)i->address_count++] =
				list->read[n].address;
	}
	free(fwc_take(list->read));
	list->read_count = list->read_room = 0;
	return 0;
}

void fwc_interfaces_clear(struct fwc_interfaces *list)
{
	free(list->items);
	free(list->read);
	fwc_arena_free(&list->arena);
	memset(list, 0, sizeof(*list));
}

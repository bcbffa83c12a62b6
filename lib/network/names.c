/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of networks, containers and links, and what the aliases of our links say. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "network/network.h"

const uint32_t fwc_net_family[FWC_NET_FAMILIES] = { FWC_FAMILY_IP, FWC_FAMILY_IP6 };
const char *const fwc_net_family_name[FWC_NET_FAMILIES] = { "IPv4", "IPv6" };

/* The kernel would take more, but makes a pattern of '%', and sysctl has folders of its own called "all" and "default". */
int fwc_network_check_name(const char *name, struct fwc_error *err)
{
	int r = fwc_check_ifname(name, err);

	if (r < 0)
		return r;
	if (!strcmp(name, "all") || !strcmp(name, "default") || !strcmp(name, "lo"))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
				"'%s' is no name for a network: the kernel uses it", name);
	for (const char *c = name; *c; c++)
		if (!isascii(*c) || (!isalnum((unsigned char)*c) && !strchr("_.-", *c)))
			return fwc_fail(
				err, -EINVAL, FWC_OBJECT_NETWORK,
				"'%s' is no name for a network: it has letters, digits, '_', '.' and '-' only",
				name);
	return 0;
}

int fwc_network_check_id(const char *id, struct fwc_error *err)
{
	int r;

	if (!id || !*id)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ENDPOINT,
				"a container needs an id of 1 to %d bytes", FWC_MAX_ID);
	r = fwc_check_label("container id", id, FWC_MAX_ID, err);
	if (r == 0 && strchr(id, '/'))
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ENDPOINT, "the container id '%s' has a '/'",
			     id);
	return r;
}

void fwc_network_table(const struct fwc_kernel *kernel, char table[48])
{
	snprintf(table, 48, "fwcore_%s", kernel->owner);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	/* FNV-1a, the NUL included so that "a","bc" and "ab","c" differ. */
	do
		hash = (hash ^ (uint8_t)*text) * 0x100000001b3;
	while (*text++);
	return hash;
}

void fwc_network_veth(const struct fwc_kernel *kernel, const char *network, const char *id,
		      char name[16])
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint64_t hash = 0xcbf29ce484222325;

	hash = hash_text(hash_text(hash_text(hash, kernel->owner), network), id);
	name[0] = 'f';
	name[1] = 'w';
	for (int i = 2; i < 15; i++, hash >>= 5)
		name[i] = digits[hash & 31];
	name[15] = '\0';
}

/* fwcore/OWNER/NETWORK[/closing], fwcore/OWNER/NETWORK/[internal,]ADDRESS[,ADDRESS]/ID */
void fwc_network_alias_write(const struct fwc_kernel *kernel, const struct fwc_network_alias *a,
			     char text[256])
{
	char words[128] = "";
	struct fwc_buf b = fwc_buf_over(words, sizeof(words));

	if (!a->id) {
		snprintf(text, 256, "fwcore/%s/%s%s", kernel->owner, a->network,
			 a->closing ? "/closing" : "");
		return;
	}
	if (a->internal)
		fwc_buf_puts(&b, "internal");
	for (int f = 0; f < FWC_NET_FAMILIES; f++)
		if (a->ip[f].family)
			fwc_buf_printf(&b, "%s%s", b.len ? "," : "", fwc_ip_text(&a->ip[f]).s);
	snprintf(text, 256, "fwcore/%s/%s/%s/%s", kernel->owner, a->network, words, a->id);
}

/* Takes `part` off the beginning of *text. */
static bool take(const char **text, const char *part)
{
	size_t len = strlen(part);

	if (strncmp(*text, part, len))
		return false;
	*text += len;
	return true;
}

static bool read_word(const char *word, struct fwc_network_alias *a)
{
	struct fwc_ip ip;

	if (!strcmp(word, "internal")) {
		a->internal = true;
		return true;
	}
	if (fwc_ip_parse(word, &ip, NULL) < 0)
		return false;
	a->ip[ip.family == FWC_FAMILY_IP6] = ip;
	return true;
}

static bool read_words(const char *text, size_t len, struct fwc_network_alias *a)
{
	char words[128], *rest = words, *word;

	if (len >= sizeof(words))
		return false;
	memcpy(words, text, len);
	words[len] = '\0';
	while ((word = strsep(&rest, ",")))
		if (!read_word(word, a))
			return false;
	return true;
}

bool fwc_network_alias_read(const struct fwc_kernel *kernel, const char *text,
			    struct fwc_network_alias *a)
{
	struct fwc_network_alias found = { .network = a->network, .id = a->id };
	const char *slash;

	if (!take(&text, "fwcore/") || !take(&text, kernel->owner) || !take(&text, "/") ||
	    !take(&text, a->network))
		return false;
	if (!a->id) {
		found.closing = take(&text, "/closing");
		if (*text)
			return false;
	} else {
		if (!take(&text, "/") || !(slash = strchr(text, '/')) || strcmp(slash + 1, a->id) ||
		    !read_words(text, (size_t)(slash - text), &found))
			return false;
	}
	*a = found;
	return true;
}

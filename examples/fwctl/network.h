/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words and the printing of fwctl network. */
#ifndef FWCTL_NETWORK_H
#define FWCTL_NETWORK_H

#include <fwcore/fwcore.h>

/* [ADDRESS:]HOST_PORT[-LAST]:PORT[-LAST][/PROTOCOL], an IPv6 address in brackets. NULL, or what is wrong. */
const char *port_parse(const char *text, struct fwc_port *ret);
/* The same text, in a static buffer. */
const char *port_text(const struct fwc_port *port);

void print_networks(const struct fwc_networks *list, bool as_json);
void print_network(const struct fwc_network *network, bool as_json);
/* What a container got: its addresses and ports. */
void print_endpoint(const struct fwc_network *network, const char *id, bool as_json);

#endif

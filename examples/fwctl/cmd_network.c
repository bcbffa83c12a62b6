/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl network: docker0-style networks. One reader of arguments, a row and one call for each sub-command. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fwctl.h"
#include "network.h"

enum {
	MAX_PORTS = 256,
	GO_ON = -1, /* the arguments are right: not an exit code */
};

struct request {
	char **words; /* what is left when the options are read */
	struct fwc_network_opts network;
	struct fwc_attach_opts attach;
	struct fwc_port ports[MAX_PORTS];
	struct fwc_ip addresses[2];
	bool as_json;
};

static int create(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	return fwc_network_create(kernel, q->words[0], &q->network, err);
}

static int delete (struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	return fwc_network_delete(kernel, q->words[0], err);
}

static int list(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	struct fwc_networks *networks;
	int r = fwc_networks_get(kernel, &networks, err);

	if (r < 0)
		return r;
	print_networks(networks, q->as_json);
	fwc_networks_free(networks);
	return 0;
}

/* A network as it is now, and with an id only that container. */
static int show_part(struct fwc_kernel *kernel, const struct request *q, const char *id,
		     struct fwc_error *err)
{
	const struct fwc_network *network;
	struct fwc_networks *networks;
	int r = fwc_networks_get(kernel, &networks, err);

	if (r < 0)
		return r;
	network = fwc_networks_find(networks, q->words[0]);
	if (!network) {
		snprintf(err->msg, sizeof(err->msg), "there is no network '%s'", q->words[0]);
		r = err->code = -ENOENT;
	} else if (id) {
		print_endpoint(network, id, q->as_json);
	} else {
		print_network(network, q->as_json);
	}
	fwc_networks_free(networks);
	return r;
}

static int show(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	return show_part(kernel, q, NULL, err);
}

static int attach(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	int fd = open_netns(q->words[2], err);
	int r;

	if (fd < 0)
		return err->code;
	r = fwc_network_attach(kernel, q->words[0], q->words[1], fd, &q->attach, err);
	close(fd);
	return r < 0 ? r : show_part(kernel, q, q->words[1], err);
}

static int detach(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	return fwc_network_detach(kernel, q->words[0], q->words[1], err);
}

static int publish(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	return fwc_network_publish(kernel, q->words[0], q->words[1], &q->ports[0], err);
}

static int unpublish(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	return fwc_network_unpublish(kernel, q->words[0], q->words[1], &q->ports[0], err);
}

static int run(const struct command *command, int argc, char **argv);

#define PORT_HELP                                                                                  \
	"  PORT          [ADDRESS:]HOST_PORT[-LAST]:PORT[-LAST][/tcp|udp|sctp], such as\n"         \
	"                8080:80, 127.0.0.1:5353:53/udp, 8000-8010:8000-8010, [fd00::1]:80:80\n"

static const struct command commands[] = {
	{ "create", run, "NAME --subnet PREFIX [OPTION...]",
	  "make a network: a bridge, its addresses, its rules",
	  "  NAME          the bridge's name too\n"
	  "  --subnet PREFIX\n"
	  "                172.30.0.0/24 or fd30::/64; one of each family at most\n"
	  "  --gateway ADDRESS\n"
	  "                the bridge's own; the subnet's first when not given\n"
	  "  --mtu BYTES   of its interfaces; the kernel's default when not given\n"
	  "  --internal    no way out and no published ports\n"
	  "  --isolated    its containers do not reach each other\n" },
	{ "delete", run, "NAME", "delete a network that has no containers", "" },
	{ "list", run, "[--json]", "the networks of the owner", "" },
	{ "show", run, "NAME [--json]", "a network, its containers and their published ports", "" },
	{ "attach", run, "NETWORK ID NETNS [OPTION...]",
	  "attach a container, and print what it got",
	  "  ID            the container's, up to 64 bytes\n"
	  "  NETNS         its network namespace: a path, or a name of `ip netns`\n"
	  "  --interface NAME\n"
	  "                the interface's name in it; eth0 when not given\n"
	  "  --address ADDRESS\n"
	  "                its own, one for each family; the next free one when not given\n"
	  "  --publish PORT\n"
	  "                in the same transaction; may be given often\n"
	  "  --json        print JSON\n" PORT_HELP },
	{ "detach", run, "NETWORK ID", "detach a container and all that it published", "" },
	{ "publish", run, "NETWORK ID PORT", "publish a port of a container", PORT_HELP },
	{ "unpublish", run, "NETWORK ID PORT", "take a published port back", PORT_HELP },
	{ 0 },
};

/* Of the same row above: what it does, how many words it takes, the options it has, where its PORT stands. */
static const struct {
	int (*act)(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err);
	int words;
	const char *options;
	int port_word;
} details[] = {
	{ create, 1, "sgmno", 0 }, { delete, 1, "", 0 },     { list, 0, "j", 0 },
	{ show, 1, "j", 0 },       { attach, 3, "iapj", 0 }, { detach, 2, "", 0 },
	{ publish, 3, "", 2 },     { unpublish, 3, "", 2 },
};

static int add_port(const struct command *command, struct request *q, const char *text)
{
	const char *wrong;

	if (q->attach.ports_count == MAX_PORTS)
		return usage_error(command, "more than %d ports", MAX_PORTS);
	wrong = port_parse(text, &q->ports[q->attach.ports_count]);
	if (wrong)
		return usage_error(command, "'%s' is no port to publish: %s", text, wrong);
	q->attach.ports_count++;
	return GO_ON;
}

static int add_address(const struct command *command, struct request *q, const char *text)
{
	struct fwc_error err;

	if (q->attach.addresses_count == 2)
		return usage_error(command, "more than one address for each family");
	if (fwc_ip_parse(text, &q->addresses[q->attach.addresses_count], &err) < 0)
		return usage_error(command, "%s", err.msg);
	q->attach.addresses_count++;
	return GO_ON;
}

static int set_option(const struct command *command, struct request *q, int option)
{
	bool ip6 = optarg && strchr(optarg, ':');
	unsigned long mtu;

	switch (option) {
	case 's':
		*(ip6 ? &q->network.subnet6 : &q->network.subnet4) = optarg;
		return GO_ON;
	case 'g':
		*(ip6 ? &q->network.gateway6 : &q->network.gateway4) = optarg;
		return GO_ON;
	case 'm':
		if (parse_number(optarg, UINT32_MAX, &mtu) < 0)
			return usage_error(command, "'%s' is no number of bytes", optarg);
		q->network.mtu = (uint32_t)mtu;
		return GO_ON;
	case 'n':
		q->network.flags |= FWC_NETWORK_INTERNAL;
		return GO_ON;
	case 'o':
		q->network.flags |= FWC_NETWORK_ISOLATED;
		return GO_ON;
	case 'i':
		q->attach.interface = optarg;
		return GO_ON;
	case 'a':
		return add_address(command, q, optarg);
	case 'p':
		return add_port(command, q, optarg);
	default:
		q->as_json = true;
		return GO_ON;
	}
}

/* The first of the words that usage names and the command line has not. */
static int missing_word(const struct command *command, int there)
{
	const char *word = command->arguments;

	while (there--)
		word += strcspn(word, " ") + 1;
	return usage_error(command, "%.*s is missing", (int)strcspn(word, " "), word);
}

static int read_arguments(const struct command *command, struct request *q, int argc, char **argv)
{
	static const struct option options[] = { { "subnet", required_argument, NULL, 's' },
						 { "gateway", required_argument, NULL, 'g' },
						 { "mtu", required_argument, NULL, 'm' },
						 { "internal", no_argument, NULL, 'n' },
						 { "isolated", no_argument, NULL, 'o' },
						 { "interface", required_argument, NULL, 'i' },
						 { "address", required_argument, NULL, 'a' },
						 { "publish", required_argument, NULL, 'p' },
						 { "json", no_argument, NULL, 'j' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	size_t row = (size_t)(command - commands);
	int c, r = GO_ON;

	while (r == GO_ON && (c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 'h' || c == '?' || c == ':')
			return usage_option(command, c, argv);
		if (!strchr(details[row].options, c))
			return usage_error(command, "there is no such option here: '%s'",
					   argv[optind - 1]);
		r = set_option(command, q, c);
	}
	if (r != GO_ON)
		return r;
	q->words = argv + optind;
	if (argc - optind < details[row].words)
		return missing_word(command, argc - optind);
	if (argc - optind > details[row].words)
		return usage_error(command, "'%s' is one word too many",
				   q->words[details[row].words]);
	return details[row].port_word ? add_port(command, q, q->words[details[row].port_word])
				      : GO_ON;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct request q = { .network.size = sizeof(q.network), .attach.size = sizeof(q.attach) };
	struct fwc_kernel *kernel;
	struct fwc_error err;
	int r;

	q.attach.ports = q.ports;
	q.attach.addresses = q.addresses;
	r = read_arguments(command, &q, argc, argv);
	if (r != GO_ON)
		return r;
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	r = details[command - commands].act(kernel, &q, &err);
	fwc_kernel_close(kernel);
	return r < 0 ? failed(&err) : EXIT_OK;
}

int cmd_network(const struct command *command, int argc, char **argv)
{
	(void)command;
	return run_from_table(commands, "fwctl network", argc, argv);
}

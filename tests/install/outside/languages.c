/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program of somebody else's: compiled without this project's flags, as C99 and as C++11. */
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	struct fwc_error err;
	struct fwc_ip ip;
	char text[46];

	if (fwc_ip_parse("2001:db8::1", &ip, &err) < 0 ||
	    fwc_ip_format(&ip, text, sizeof(text), NULL) < 0 || strcmp(text, "2001:db8::1") != 0)
		return 1;
	if (fwc_ip_parse("10.0.0", &ip, &err) == 0)
		return 1;
	printf("%s: %s\n", fwc_version(), err.msg);
	return 0;
}

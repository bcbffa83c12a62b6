/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl features: what this kernel can express. */
#include <string.h>

#include "fwctl.h"
#include "json.h"

static void print_json(const struct fwc_features *features)
{
	struct json j = { .out = stdout };

	json_open(&j, NULL, '[');
	for (size_t i = 0; i < fwc_features_count(features); i++) {
		const struct fwc_feature *f = fwc_features_at(features, i);

		json_open(&j, NULL, '{');
		json_text(&j, "name", fwc_feature_name(f));
		json_text(&j, "summary", fwc_feature_summary(f));
		json_bool(&j, "present", fwc_feature_is_present(f));
		json_text(&j, "since", fwc_feature_since(f));
		json_text(&j, "kconfig", fwc_feature_kconfig(f));
		json_text(&j, "example", fwc_feature_example(f));
		json_close(&j, '}');
	}
	json_close(&j, ']');
}

static void print_table(const struct fwc_features *features)
{
	int width = 7;

	for (size_t i = 0; i < fwc_features_count(features); i++) {
		int len = (int)strlen(fwc_feature_name(fwc_features_at(features, i)));

		if (len > width)
			width = len;
	}
	printf("%-*s  HERE  SINCE  WHAT\n", width, "FEATURE");
	for (size_t i = 0; i < fwc_features_count(features); i++) {
		const struct fwc_feature *f = fwc_features_at(features, i);
		bool present = fwc_feature_is_present(f);

		printf("%-*s  %-4s  %-5s  %s", width, fwc_feature_name(f), present ? "yes" : "no",
		       fwc_feature_since(f), fwc_feature_summary(f));
		if (!present && *fwc_feature_kconfig(f))
			printf(" (%s)", fwc_feature_kconfig(f));
		putchar('\n');
	}
}

int cmd_features(const struct command *command, int argc, char **argv)
{
	struct fwc_features *features;
	struct fwc_kernel *kernel;
	struct fwc_error err;
	bool as_json;
	int r = json_option(command, argc, argv, 0, &as_json);

	if (r >= 0)
		return r;
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	if (fwc_features_get(kernel, &features, &err) < 0) {
		r = failed(&err);
	} else {
		(as_json ? print_json : print_table)(features);
		r = EXIT_OK;
		fwc_features_free(features);
	}
	fwc_kernel_close(kernel);
	return r;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file feature.h
 * What the running kernel can express, asked of the kernel itself and not guessed from its version.
 */
#ifndef FWCORE_FEATURE_H
#define FWCORE_FEATURE_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/**
 * Ask the kernel which features it has.
 *
 * All are asked in one transaction that has no end: the kernel checks each part of it and throws all of it away, so
 * that nothing is changed, no packet meets any of it and the generation stays. As for real rules, the kernel may load
 * modules of its own to answer. What older kernels take and silently ignore cannot be asked and is not listed.
 *
 * @param kernel  the kernel object
 * @param ret     receives the features, in an order that goes from tables to rules; release it with fwc_features_free()
 * @param err     detail on failure, or NULL
 * @return 0, -EPERM, -ENOBUFS, -ECHILD, -ENOMEM
 *
 * Ownership: a snapshot that does not need the kernel object.
 * Kernel: a batch without NFNL_MSG_BATCH_END, net/netfilter/nfnetlink.c.
 * Since: 0.1
 */
FWC_API int fwc_features_get(struct fwc_kernel *kernel, struct fwc_features **ret,
			     struct fwc_error *err);
/** @param features the features @return how many there are, present or not */
FWC_API size_t fwc_features_count(const struct fwc_features *features);
/** @param features the features @param i from 0 @return borrowed; NULL past the end */
FWC_API const struct fwc_feature *fwc_features_at(const struct fwc_features *features, size_t i);
/** @param features the features @param name "synproxy" @return borrowed; NULL when none has that name */
FWC_API const struct fwc_feature *fwc_features_find(const struct fwc_features *features,
						    const char *name);
/** Release them. @param features the features, or NULL */
FWC_API void fwc_features_free(struct fwc_features *features);

/** @param feature the feature @return its name in nft's terms, "tcp option reset"; a constant text */
FWC_API const char *fwc_feature_name(const struct fwc_feature *feature);
/** @param feature the feature @return what it is, in one line; a constant text */
FWC_API const char *fwc_feature_summary(const struct fwc_feature *feature);
/** @param feature the feature @return true when the kernel took it */
FWC_API bool fwc_feature_is_present(const struct fwc_feature *feature);
/** @param feature the feature @return the first Linux that has it, "6.9"; "" when that is not known */
FWC_API const char *fwc_feature_since(const struct fwc_feature *feature);
/** @param feature the feature @return the option of the kernel's configuration that brings it; "" when it needs none of its own */
FWC_API const char *fwc_feature_kconfig(const struct fwc_feature *feature);
/** @param feature the feature @return what was asked, as `nft -f` takes it: commands that make a table `t` */
FWC_API const char *fwc_feature_example(const struct fwc_feature *feature);

FWC_END_DECLS
#endif

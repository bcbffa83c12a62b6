/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file watch.h
 * Watch what anybody changes in nf_tables.
 *
 *     while (poll(&(struct pollfd){ .fd = fwc_watch_fd(w), .events = POLLIN }, 1, -1) > 0)
 *             while ((r = fwc_watch_next(w, &event, &err)) > 0)
 *                     ...
 */
#ifndef FWCORE_WATCH_H
#define FWCORE_WATCH_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** What happened. */
enum fwc_event_kind {
	FWC_EVENT_ADDED = 1, /**< an object came */
	FWC_EVENT_DELETED = 2, /**< an object went */
	/** the end of a transaction: everything since the last COMMIT was in it */
	FWC_EVENT_COMMIT = 3,
	FWC_EVENT_RESYNC = 4, /**< events were lost: load again */
};

/**
 * Start watching.
 *
 * @param kernel  the kernel object; must outlive the watch
 * @param ret     receives it; release it with fwc_watch_close()
 * @param err     detail, or NULL
 * @return 0, -EPERM, -ENOMEM
 */
FWC_API int fwc_watch_open(struct fwc_kernel *kernel, struct fwc_watch **ret,
			   struct fwc_error *err);
/** @param watch the watch @return a descriptor for poll(2), owned by the watch */
FWC_API int fwc_watch_fd(const struct fwc_watch *watch);

/**
 * The next event; never blocks.
 *
 * Events of one transaction are handed out when its COMMIT has been read, so that each knows whose it was.
 *
 * @param watch  the watch
 * @param ret    receives the event, borrowed until the next call
 * @param err    detail on failure, or NULL
 * @return 1 for an event, 0 when there is none left, or a negative errno
 *
 * Since: 0.1
 */
FWC_API int fwc_watch_next(struct fwc_watch *watch, const struct fwc_event **ret,
			   struct fwc_error *err);
/** Stop. @param watch the watch, or NULL */
FWC_API void fwc_watch_close(struct fwc_watch *watch);

/** @param event the event @return enum fwc_event_kind */
FWC_API uint32_t fwc_event_kind(const struct fwc_event *event);
/** @param event the event @return true when the watch's own kernel object committed it */
FWC_API bool fwc_event_is_own(const struct fwc_event *event);

/**
 * @param event  ADDED or DELETED
 * @return enum fwc_object: TABLE, CHAIN, RULE, SET, ELEMENT; NONE for kinds of object this
 *   version does not know
 */
FWC_API uint32_t fwc_event_object(const struct fwc_event *event);
/** @param event the event @return enum fwc_family of the table */
FWC_API uint32_t fwc_event_family(const struct fwc_event *event);
/** @param event the event @return the table's name, "" if none */
FWC_API const char *fwc_event_table(const struct fwc_event *event);
/** @param event the event @return the name of the chain or set, "" if none */
FWC_API const char *fwc_event_name(const struct fwc_event *event);
/** @param event the event @return the object's handle, 0 if none */
FWC_API uint64_t fwc_event_handle(const struct fwc_event *event);
/** @param event the event @return the generation that its transaction made, 0 for RESYNC */
FWC_API uint32_t fwc_event_generation(const struct fwc_event *event);
/** @param event the event @return the process that committed, 0 when the kernel did not say */
FWC_API uint32_t fwc_event_pid(const struct fwc_event *event);
/** @param event the event @return its name, up to 15 bytes, "" when the kernel did not say */
FWC_API const char *fwc_event_process(const struct fwc_event *event);
/** @param event of a RULE @return the rule, borrowed until the next call; NULL for others */
FWC_API const struct fwc_rule *fwc_event_rule(const struct fwc_event *event);

FWC_END_DECLS
#endif

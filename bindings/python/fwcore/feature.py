# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the running kernel can express."""
from ._core import Listing, Object, Root, call, reads, reads_text, text
from ._library import lib


class Feature(Object):
    """A feature, asked of the kernel."""

    __slots__ = ()
    name = reads_text("fwc_feature_name")
    summary = reads_text("fwc_feature_summary")
    is_present = reads("fwc_feature_is_present")
    since = reads_text("fwc_feature_since")
    kconfig = reads_text("fwc_feature_kconfig")
    example = reads_text("fwc_feature_example")

    def __repr__(self):
        return "<fwcore.Feature%s>" % (", closed" if self._state.own is None else " %s" % self.name)


class Features(Listing, Root):
    """All that was asked about, present or not: a sequence; features["synproxy"] finds by name."""

    __slots__ = ()
    _count, _at, _kind = lib.fwc_features_count, lib.fwc_features_at, Feature

    def __init__(self):
        raise TypeError("features are read by Kernel.features()")

    def _find(self, name):
        return Feature._of(self._state, call(lib.fwc_features_find, self, text(name, "a name")))

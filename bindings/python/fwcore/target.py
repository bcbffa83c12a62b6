# SPDX-License-Identifier: LGPL-2.1-or-later
"""Targets: what a rule does with a packet."""
from . import enums
from ._core import Object, Root, call, instance, reads_enum, reads_text, text, text_of
from .error import FwcoreError
from ._library import ffi, lib
from .value import Value, value


def _params():
    """The parameters of each kind: those of LOG are enum fwc_log_param. The four kinds of NAT share theirs."""
    found = {}
    for kind in enums.TargetKind:
        nat = kind.name in ("SNAT", "DNAT", "MASQUERADE", "REDIRECT")
        found[int(kind)] = enums.BY_C_NAME.get("fwc_%s_param" % ("nat" if nat else kind.name.lower()))
    return found


PARAMS = _params()


def _kind_of(params, number, setting):
    """"number", "text", "value" or "target": the first word of the header's comment, else by what it is given."""
    try:
        word = params(number).__doc__.split(":")[0]
    except (TypeError, ValueError):
        word = ""
    if word in ("number", "text", "value", "target"):
        return word
    kinds = ((str, "text"), (int, "number"), ((Target, RuleTarget), "target"))
    return next((name for kind, name in kinds if isinstance(setting, kind)), "value")


class Target(Root):
    """A target with parameters: Target("log", prefix="dropped: ", level=4). Rules take copies of it.

    Parameters are those of the headers, in lower case: enum fwc_log_param has FWC_LOG_PREFIX, which is `prefix`. The header
    says whether it is a number, a text, a target or a value, for which see value().
    """

    __slots__ = ()

    def __init__(self, kind, **params):
        ptr = lib.fwc_target_new(enums.number(enums.TargetKind, kind))
        if ptr == ffi.NULL:
            raise ValueError("there is no target of kind %r" % (kind,))
        self._adopt(ptr, lib.fwc_target_free)
        for name, setting in params.items():
            self[name] = setting

    kind = reads_enum("fwc_target_kind", enums.TargetKind)
    name = reads_text("fwc_target_name")

    def _param(self, param):
        kind = PARAMS.get(int(self.kind))
        if kind is None:
            if isinstance(param, int) and not isinstance(param, bool):
                return param
            raise TypeError("a number is wanted for a parameter of %s" % self.name)
        return enums.number(kind, param)

    def __setitem__(self, param, setting):
        if not self._writable:
            raise TypeError("this target is read-only")
        number = self._param(param)
        kind = _kind_of(PARAMS.get(int(self.kind)), number, setting)
        if kind == "text":
            result = call(lib.fwc_target_set_text, self, number, text(setting))
        elif kind == "number":
            result = call(lib.fwc_target_set_number, self, number, setting)
        elif kind == "target":
            result = call(lib.fwc_target_set_target, self, number, instance(setting, (Target, RuleTarget)))
        else:
            result = call(lib.fwc_target_set_value, self, number, value(setting))
        if result < 0:
            raise FwcoreError(-result, "%s: %r cannot be the parameter %s" % (self.name, setting, param))

    def __getitem__(self, param):
        """What a parameter is: int, str, Value or RuleTarget. KeyError when it is not set."""
        wanted = self._param(param)
        number = ffi.new("uint64_t *")
        if call(lib.fwc_target_get_number, self, wanted, number):
            return number[0]
        words = call(lib.fwc_target_get_text, self, wanted, convert=text_of)
        if words is not None:
            return words
        found = Value._borrowed(self._state, call(lib.fwc_target_get_value, self, wanted))
        if found is None:
            found = RuleTarget._of(self._state, call(lib.fwc_target_get_target, self, wanted))
        if found is None:
            raise KeyError(param)
        return found

    @property
    def params(self):
        """All parameters that are set, by name."""
        found = {}
        for param in PARAMS.get(int(self.kind)) or ():
            try:
                found[param.name.lower()] = self[param]
            except KeyError:
                pass
        return found

    def __repr__(self):
        if self.closed:
            return super().__repr__()
        return "<fwcore.Target %s>" % " ".join([self.name] + ["%s=%r" % p for p in self.params.items()])


class RuleTarget(Object):
    """A target as it stands in a rule or in another target: read-only."""

    __slots__ = ()
    kind, name, params = Target.kind, Target.name, Target.params

    @property
    def block(self):
        """The chain without a name that the rule owns, jump { ... }; None when it has none."""
        from .ruleset import Chain
        return Chain._of(self._state, call(lib.fwc_target_get_block, self))

    _param, __getitem__ = Target._param, Target.__getitem__

    def __repr__(self):
        return "<fwcore.RuleTarget %s>" % " ".join([self.name] + ["%s=%r" % p for p in self.params.items()])

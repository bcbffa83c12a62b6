# SPDX-License-Identifier: LGPL-2.1-or-later
"""Watch what anybody changes in nf_tables."""
import collections

from . import enums
from ._core import Root, call, checked, formatted_at, text_of
from ._library import ffi, lib


class Event(collections.namedtuple("Event", "kind is_own object family table name handle generation pid process rule tag owner")):
    """What happened.

    kind             EventKind: ADDED, DELETED, COMMIT (the end of a transaction) or RESYNC (events were lost: load again)
    is_own           True when the watch's own kernel object committed it
    object, family   Object and Family of what came or went
    table, name      names of the table, and of the chain or set; None
    handle           the object's, None
    generation       that its transaction made, None for RESYNC
    pid, process     who committed, None when the kernel did not say
    rule, tag, owner of a RULE: its text in nft's words, its tag, whose it is; None for others
    """

    __slots__ = ()


_KIND, _OBJECT, _FAMILY = (enums.member(e) for e in (enums.EventKind, enums.Object, enums.Family))


def _event(ptr):
    """A copy: the library's event is valid until the next call."""
    rule = lib.fwc_event_rule(ptr)
    of_rule = (None, None, None)
    if rule != ffi.NULL:
        words = formatted_at(lib.fwc_rule_format, rule, enums.Syntax.NFT)
        of_rule = (words if isinstance(words, str) else None, text_of(lib.fwc_rule_tag_get(rule)),
                   text_of(lib.fwc_rule_owner_get(rule)))
    return Event(_KIND(lib.fwc_event_kind(ptr)), lib.fwc_event_is_own(ptr), _OBJECT(lib.fwc_event_object(ptr)),
                 _FAMILY(lib.fwc_event_family(ptr)), text_of(lib.fwc_event_table(ptr)) or None,
                 text_of(lib.fwc_event_name(ptr)) or None, lib.fwc_event_handle(ptr) or None,
                 lib.fwc_event_generation(ptr) or None, lib.fwc_event_pid(ptr) or None,
                 text_of(lib.fwc_event_process(ptr)) or None, *of_rule)


class Watch(Root):
    """Events since the watch was opened by Kernel.watch().

    `for event in watch` takes those that are there and never blocks; fileno() is for select() and poll();
    `async for event in watch` waits in asyncio's loop.
    """

    __slots__ = ("_busy",)

    def __init__(self):
        raise TypeError("a watch comes from Kernel.watch()")

    def fileno(self):
        """A descriptor that is readable when events have come; owned by the watch."""
        return call(lib.fwc_watch_fd, self)

    def next(self):
        """The next event, None when there is none left. Never blocks."""
        state = self._state
        with state.lock:
            # A signal handler may be here again, in the midst of a call whose event its own would make invalid.
            if getattr(self, "_busy", False):
                raise RuntimeError("next() is under way in the code that this interrupts")
            self._busy = True
            try:
                ret = ffi.new("const struct fwc_event **")
                return checked(lib.fwc_watch_next, self, ret, convert=lambda r: _event(ret[0]) if r > 0 else None if r == 0 else r)
            finally:
                self._busy = False

    def __iter__(self):
        while True:
            event = self.next()
            if event is None:
                return
            yield event

    async def __aiter__(self):
        import asyncio  # which costs more than all the rest of this package: only who uses it pays
        loop, fd = asyncio.get_running_loop(), self.fileno()
        while True:
            event = self.next()
            if event is not None:
                yield event
                continue
            ready = loop.create_future()
            loop.add_reader(fd, lambda: ready.done() or ready.set_result(None))
            try:
                await ready
            finally:
                loop.remove_reader(fd)

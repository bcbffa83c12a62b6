# SPDX-License-Identifier: LGPL-2.1-or-later
"""How Python holds the library's objects, and calls it.

Three rules keep any use from Python from crashing the process:

- What is borrowed from a root (a rule from its ruleset) holds the root's State, which owns the C memory. Closing a root takes
  it out of the State; the memory itself goes when the last call that is under way has returned.
- The library serves one thread at a time per object: each call locks the States of everything that it is given, always in the
  same order. Other threads run meanwhile: cffi releases the GIL.
- Pointers that a call makes invalid belong to a State of their own, which that call replaces.
"""
import contextlib
import errno
import itertools
import threading

from . import enums
from ._library import ffi, lib
from ._names import DOCS
from .error import FwcoreError, from_struct, text_of

_numbers = itertools.count()


class State:
    """Owns C memory, or nothing any more. `below` are the States that it needs: a watch needs its kernel."""

    __slots__ = ("own", "lock", "order", "what", "below", "failure")

    def __init__(self, own, what, below=(), failure=None):
        self.own = own  # the last reference to it releases the memory
        self.what = what
        self.below = below
        self.failure = failure  # (function, pointer) of what builders keep
        self.lock = threading.RLock()
        self.order = next(_numbers)

    def closed(self):
        return ValueError("the %s is closed" % self.what)


class _Immutable:
    """For values that Python made: nobody changes or closes them, each object owns its memory."""

    __slots__ = ()
    own, below, failure, what, order = True, (), None, "value", -1
    lock = contextlib.nullcontext()


IMMUTABLE = _Immutable()


class Held:
    """An argument that is memory of ours: `raw` is passed on, `keep` lives as long, `states` are locked."""

    __slots__ = ("raw", "keep", "states")

    def __init__(self, raw, keep=(), states=()):
        self.raw, self.keep, self.states = raw, keep, states


class Object:
    """Something of the library: a pointer, and the State that keeps it valid. `_writable` is False for `const T *`."""

    __slots__ = ("_state", "_ptr", "_writable", "__weakref__")

    def __init__(self, *args, **kwargs):
        raise TypeError("%s objects come from other objects" % type(self).__name__)

    @classmethod
    def _of(cls, state, ptr, writable=False):
        """None for NULL."""
        if ptr == ffi.NULL:
            return None
        self = cls.__new__(cls)
        self._state, self._ptr, self._writable = state, ptr, writable
        return self

    def __eq__(self, other):
        if not isinstance(other, Object):
            return NotImplemented
        return type(self) is type(other) and self._state is other._state and self._ptr == other._ptr

    def __hash__(self):
        return hash(self._ptr)

    def __reduce__(self):
        raise TypeError("%s objects cannot be pickled or copied" % type(self).__name__)


class Root(Object):
    """An object of one's own. It is released when nothing refers to it any more, or by close() or `with`."""

    __slots__ = ()

    def _adopt(self, ptr, free, below=(), failure=None):
        if ptr == ffi.NULL:
            raise MemoryError()
        self._state = State(ffi.gc(ptr, free), type(self).__name__.lower(), below, (failure, ptr) if failure else None)
        self._ptr, self._writable = ptr, True

    @classmethod
    def _made(cls, *args, **kwargs):
        self = cls.__new__(cls)
        self._adopt(*args, **kwargs)
        return self

    def close(self):
        """Release it now. Whatever was borrowed from it raises ValueError from then on; closing twice is fine."""
        with self._state.lock:
            self._state.own = None

    @property
    def closed(self):
        """Whether close() was called."""
        return self._state.own is None

    def __enter__(self):
        if self.closed:
            raise self._state.closed()
        return self

    def __exit__(self, *exc):
        self.close()

    def __repr__(self):
        return "<fwcore.%s%s>" % (type(self).__name__, ", closed" if self.closed else "")


# ---- calls ----

def _locked(states, at, fn, raw, convert):
    if at == len(states):
        return convert(fn(*raw)) if convert else fn(*raw)
    state = states[at]
    with state.lock:
        own = state.own  # held by this frame: what is closed meanwhile is released after the call
        if own is None:
            raise state.closed()
        return _locked(states, at + 1, fn, raw, convert)


def _collect(found, state):
    if state is not IMMUTABLE:
        found[state.order] = state
        for below in state.below:
            _collect(found, below)


def call(fn, *args, convert=None):
    """fn(*args). Objects become their pointers, and stay open and locked until fn has returned and its result, which may be
    borrowed, is converted."""
    state, several, raw = None, None, []
    for arg in args:
        if isinstance(arg, Object):
            raw.append(arg._ptr)
            found = (arg._state,)
        elif isinstance(arg, Held):
            raw.append(arg.raw)
            found = arg.states
        else:
            raw.append(arg)
            continue
        for one in found:
            if state is None and several is None and not one.below and one is not IMMUTABLE:
                state = one
            elif one is not state and one is not IMMUTABLE:
                several = several or ({state.order: state} if state else {})
                _collect(several, one)
    if several:
        return _locked([several[order] for order in sorted(several)], 0, fn, raw, convert)
    if state is None:
        return convert(fn(*raw)) if convert else fn(*raw)
    with state.lock:  # by far the most calls
        own = state.own
        if own is None:
            raise state.closed()
        return convert(fn(*raw)) if convert else fn(*raw)


def checked(fn, *args, convert=None):
    """As call(), with a struct fwc_error for its last argument. A negative result raises."""
    err = ffi.new("struct fwc_error *")
    result = call(fn, *args, err, convert=convert)
    if isinstance(result, int) and result < 0:
        raise from_struct(result, err)
    return result


def failure_of(state, code):
    """What the root of a builder that failed has kept."""
    err = ffi.new("struct fwc_error *")
    if state.failure:
        fn, ptr = state.failure
        kept = _locked([state], 0, fn, [ptr, err], None)
        if kept < 0:
            return from_struct(kept, err)
    return from_struct(code, err)


def build(self, fn, *args):
    """A builder that returns an errno: raises what its root has kept. @return self, so that calls can be strung together"""
    if not self._writable:
        raise TypeError("this %s is read-only" % type(self).__name__)
    result = call(fn, self, *args)
    if result < 0:
        raise failure_of(self._state, result)
    return self


def added(self, kind, fn, *args):
    """A builder that returns something borrowed from the root: an object of that kind, writable."""
    if not self._writable:
        raise TypeError("this %s is read-only" % type(self).__name__)
    made = kind._of(self._state, call(fn, self, *args), writable=True)
    if made is None:
        raise failure_of(self._state, -errno.EINVAL)
    return made


# ---- arguments ----

def text(value, what="text"):
    """str as the library takes it. Bytes are not text; a NUL would end it early."""
    if not isinstance(value, str):
        raise TypeError("%s is a str, not %s" % (what, type(value).__name__))
    try:
        coded = value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise ValueError("%s has a character that UTF-8 cannot hold" % what) from None
    if b"\0" in coded:
        raise ValueError("%s has a NUL character" % what)
    return coded


def text_or_null(value, what="text"):
    return ffi.NULL if value is None else text(value, what)


def instance(value, kind):
    """A wrong type is said here in Python's words, not in cffi's."""
    if not isinstance(value, kind):
        names = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
        raise TypeError("%s is wanted, not %s" % (names, type(value).__name__))
    return value


def options(struct, kinds=(), **given):
    """A struct whose members are given by keyword, None for the default. Texts are kept as long as it. `kinds` says which
    members are enums. A member that a newer header has can be given at once."""
    ctype = ffi.typeof("struct %s *" % struct)
    members = dict(ctype.item.fields)
    made, keep = ffi.new(ctype), []
    if "size" in members:
        made.size = ffi.sizeof(ctype.item)
    for name, value in given.items():
        if name not in members or name.startswith("reserved") or name == "size":
            raise TypeError("there is no %r; there are %s" % (name, ", ".join(
                m for m in members if not m.startswith("reserved") and m != "size")))
        if value is None:
            continue
        if name in kinds:
            value = enums.number(kinds[name], value)
        elif members[name].type.cname == "char *":
            value = ffi.new("char[]", text(value, name))
            keep.append(value)
        elif members[name].type.cname == "char * *":
            if isinstance(value, str):
                raise TypeError("%s is a list of str, not str" % name)
            texts = [ffi.new("char[]", text(one, name)) for one in value]
            value = ffi.new("char *[]", texts + [ffi.NULL])
            keep += [texts, value]
        setattr(made, name, value)
    return Held(made, keep)


def formatted_at(fn, *raw):
    """Text of a function that ends in buf, size, ret_needed. The negative errno when it failed otherwise than for room."""
    needed = ffi.new("size_t *")
    size = 256
    while True:
        buf = ffi.new("char[]", size)
        result = fn(*raw, buf, size, needed)
        if result != -errno.ENOSPC:
            return text_of(buf) if result == 0 else result
        size = needed[0] + 1


def formatted(fn, *args):
    """As formatted_at(), of objects; failures raise."""
    result = call(lambda *raw: formatted_at(fn, *raw), *args)
    if isinstance(result, str):
        return result
    for arg in args:
        if isinstance(arg, Object):
            raise failure_of(arg._state, result)
    raise from_struct(result, ffi.new("struct fwc_error *"))


# ---- rows: properties and lists ----

def doc_of(name):
    """What the header's comment says of a function that returns something."""
    comment = DOCS[name]
    first = comment.split("@param")[0].strip()
    result = comment.partition("@return")[2].split("\n\n")[0].strip()
    return " ".join((first or result).split()) + "." if first or result else None


def reads(name, convert=None):
    """A property that is one call, without arguments: its row."""
    fn = getattr(lib, name)

    def get(self):
        state = self._state
        if state.below:
            return call(fn, self, convert=convert)
        with state.lock:
            own = state.own
            if own is None:
                raise state.closed()
            value = fn(self._ptr)
            return convert(value) if convert else value

    return property(get, doc=doc_of(name))


def reads_text(name):
    return reads(name, text_of)


def reads_enum(name, kind):
    return reads(name, enums.member(kind))


def reads_or_none(name):
    """A number that is None instead of 0."""
    return reads(name, lambda number: number or None)


def label(get, put):
    """A text that can be read and written, or removed with None: comments and tags."""
    read, write = reads_text(get), getattr(lib, put)

    def set_it(self, value):
        build(self, write, text_or_null(value))

    return property(read.fget, set_it, doc=read.__doc__)


class Listing:
    """What has count() and at() is a sequence. `_kind` wraps what at() gives; `_find`, if any, finds by name."""

    __slots__ = ()
    _count = _at = _kind = None

    def _item(self, i):
        return self._kind._of(self._state, call(self._at, self, i))

    def _find(self, name):
        raise TypeError("indices are integers, not str")

    def __len__(self):
        return call(self._count, self)

    def __getitem__(self, index):
        if isinstance(index, str):
            found = self._find(index)
            if found is None:
                raise KeyError(index)
            return found
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not isinstance(index, int):
            raise TypeError("indices are integers, not %s" % type(index).__name__)
        at = index + len(self) if index < 0 else index
        found = self._item(at) if 0 <= at < 1 << 63 else None
        if found is None:
            raise IndexError(index)
        return found

    def __iter__(self):
        for i in itertools.count():
            found = self._item(i)
            if found is None:
                return
            yield found

    def __contains__(self, what):
        if isinstance(what, str):
            return self._find(what) is not None
        return any(one == what for one in self)


class View(Listing):
    """A list that is part of an object: the chains of a table, its sets."""

    __slots__ = ("_of", "_count", "_at", "_wrap", "_find")

    def __init__(self, of, count, at, wrap, find):
        self._of, self._count, self._at, self._wrap, self._find = of, count, at, wrap, find

    def __len__(self):
        return call(self._count, self._of)

    def _item(self, i):
        return self._wrap(call(self._at, self._of, i))

    def __repr__(self):
        return repr(list(self))

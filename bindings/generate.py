#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Declarations for bindings, read from the public headers.

generate.py [--format cdef|json|python|sizes] [--include DIR] [--output FILE]

cdef    C declarations as cffi takes them: structs, enums, prototypes
json    the same as data: {"enums": [...], "structs": [...], "functions": [...]}; see Headers.data()
python  a module with both, for bindings/python/fwcore
sizes   a C program that prints the size and every offset of the public structs, as JSON

It knows the regular style of these headers and nothing else. What it does not understand ends it with file and line:
a declaration that is passed over would be a function that no binding has.
"""
import argparse
import json
import os
import re
import sys

TOKEN = re.compile(r"\s+|[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|<<|[{}()\[\];,*=|-]")
NAME = re.compile(r"[A-Za-z_]\w*\Z")
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|\d+)\Z")
SCALARS = {"void", "bool", "char", "int", "size_t", "int8_t", "int16_t", "int32_t", "int64_t",
           "uint8_t", "uint16_t", "uint32_t", "uint64_t"}
# Lines of the preprocessor that declare nothing.
PREPROCESSOR = re.compile(
    r"#(ifndef|define) FWCORE_\w+_H\Z|#include [<\"][\w/.]+[>\"]\Z|#ifdef __cplusplus\Z|#ifndef FWC_API\Z|#else\Z|#endif\Z|"
    r"#define FWC_(BEGIN|END)_DECLS( extern \"C\" \{| \})?\Z|#define FWC_API __attribute__\(\(visibility\(\"default\"\)\)\)\Z")


class NotUnderstood(Exception):
    """A header says what this program does not know."""


class Header:
    """One header as a stream of tokens, each with its line and the comment before and after it."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        with open(path, encoding="utf-8") as lines:
            text = lines.read()
        self.docs = {}  # line where a comment ends: its words
        self.tokens = list(self._split(self._without_comments(text)))
        self.at = 0

    def fail(self, what, line=None):
        if line is None:
            line = self.tokens[min(self.at, len(self.tokens) - 1)][1] if self.tokens else 1
        raise NotUnderstood("%s:%d: %s" % (self.path, line, what))

    def _without_comments(self, text):
        def blank(match):
            comment = match.group(0)
            if comment.startswith("/**"):
                begin = text.count("\n", 0, match.start()) + 1
                words = re.sub(r"^\s*\*? ?", "", comment[3:-2].lstrip("<"), flags=re.M).strip()
                self.docs[begin + comment.count("\n")] = (comment.startswith("/**<"), words)
            return re.sub(r"[^\n]", " ", comment)

        return re.sub(r"/\*.*?\*/", blank, text, flags=re.S)

    def _split(self, text):
        for number, line in enumerate(text.split("\n"), 1):
            if line.lstrip().startswith("#"):
                if not PREPROCESSOR.match(re.sub(r"\s+", " ", line.strip())):
                    self.fail("a preprocessor line that is none of the known ones: %s" % line.strip(), number)
                continue
            at = 0
            while at < len(line):
                match = TOKEN.match(line, at)
                if not match:
                    self.fail("what is `%s`?" % line[at:].strip(), number)
                if match.group(0).strip():
                    yield match.group(0), number
                at = match.end()

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.tokens[at][0] if at < len(self.tokens) else ""

    def line(self):
        return self.tokens[self.at][1]

    def take(self, *allowed):
        token = self.peek()
        if allowed and token not in allowed:
            self.fail("`%s` where %s belongs" % (token or "the end", " or ".join("`%s`" % a for a in allowed)))
        self.at += 1
        return token

    def name_here(self, what):
        if not NAME.match(self.peek()):
            self.fail("`%s` where the name of %s belongs" % (self.peek() or "the end", what))
        return self.take()

    def doc(self, line):
        """The comment that ends on the line before, or the one behind on the same line."""
        behind = self.docs.get(line)
        if behind and behind[0]:
            return behind[1]
        before = self.docs.get(line - 1)
        return before[1] if before and not before[0] else ""


class Headers:
    """What all headers declare, in the order of declaration."""

    def __init__(self, folder):
        self.enums, self.structs, self.functions = [], [], []
        self.seen = {}
        names = sorted(n for n in os.listdir(folder) if n.endswith(".h"))
        if not names:
            raise NotUnderstood("%s: no headers" % folder)
        # types.h and error.h come first: others hold their structs by value.
        for name in sorted(names, key=lambda n: (n != "types.h", n != "error.h", n)):
            self._header(Header(os.path.join(folder, name)))
        opaque = {s["name"] for s in self.structs}
        for struct in self.structs:
            for field in struct["fields"]:
                self._known(field["type"], opaque, struct)
        for function in self.functions:
            for kind in [function["returns"]] + [p["type"] for p in function["params"]]:
                self._known(kind, opaque, function)

    @staticmethod
    def _known(kind, structs, where):
        match = re.search(r"struct (\w+)", kind)
        if match and match.group(1) not in structs:
            raise NotUnderstood("%s: %s speaks of struct %s, which no header declares"
                                % (where["header"], where["name"], match.group(1)))

    def _once(self, header, kind, name):
        if self.seen.setdefault((kind, name), header.name) != header.name or \
                any(e["name"] == name for e in getattr(self, kind)):
            header.fail("%s is declared twice" % name)

    def _header(self, header):
        while header.peek():
            token = header.peek()
            if token in ("FWC_BEGIN_DECLS", "FWC_END_DECLS"):
                header.take()
            elif token == "FWC_API":
                self._function(header)
            elif token == "enum":
                self._enum(header)
            elif token == "struct" and header.peek(2) == ";":
                header.take()
                self._opaque(header, header.name_here("a struct"))
                header.take(";")
            elif token == "struct" and header.peek(2) == "{":
                self._struct(header)
            else:
                header.fail("`%s` begins nothing known: a public function begins with FWC_API, "
                            "a constant is an enumerator" % token)

    def _opaque(self, header, name):
        if all(s["name"] != name for s in self.structs):
            self.structs.append({"name": name, "header": header.name, "opaque": True, "doc": "", "fields": []})

    def _enum(self, header):
        line = header.line()
        header.take("enum")
        name = "" if header.peek() == "{" else header.name_here("an enum")
        if name:
            self._once(header, "enums", name)
        header.take("{")
        members = []
        while header.peek() != "}":
            at = header.line()
            member = header.name_here("an enumerator")
            if header.peek() != "=":
                header.fail("%s has no value: enumerators say theirs" % member)
            header.take()
            value = self._value(header, {m["name"]: m["value"] for m in members})
            at = header.tokens[header.at - 1][1] if header.doc(at) == "" else at  # a long one is on two lines
            if header.peek() == ",":
                header.take(",")
            elif header.peek() != "}":
                header.fail("`%s` after the value of %s" % (header.peek(), member))
            members.append({"name": member, "value": value, "doc": header.doc(at)})
        header.take("}")
        header.take(";")
        if not members:
            header.fail("an enum without enumerators")
        self.enums.append({"name": name, "header": header.name, "doc": header.doc(line), "members": members})

    def _value(self, header, known):
        def one():
            sign = -1 if header.peek() == "-" else 1
            if sign < 0:
                header.take()
            if header.peek() in known:
                return sign * known[header.take()]
            if not NUMBER.match(header.peek()):
                header.fail("`%s` where a number belongs" % header.peek())
            return sign * int(header.take(), 0)

        value = one()
        while header.peek() in ("|", "<<"):
            value = value | one() if header.take() == "|" else value << one()
        return value

    def _type(self, header):
        """`const struct fwc_ip *const *`: everything before the name."""
        words = []
        if header.peek() == "const":
            words.append(header.take())
        if header.peek() in ("struct", "enum"):
            words.append(header.take())
            words.append(header.name_here("a struct"))
        elif header.peek() in SCALARS:
            words.append(header.take())
        else:
            header.fail("`%s` is none of the types of these headers" % header.peek())
        stars = ""
        while header.peek() in ("*", "const"):
            stars += header.take()
        return " ".join(words) + (" " + stars.replace("const*", "const *") if stars else "")

    def _struct(self, header):
        line = header.line()
        header.take("struct")
        name = header.name_here("a struct")
        header.take("{")
        fields = []
        while header.peek() != "}":
            at = header.line()
            kind = self._type(header)
            while True:
                field = {"name": header.name_here("a member"), "type": kind, "array": 0, "doc": header.doc(at)}
                if header.peek() == "[":
                    header.take()
                    field["array"] = int(header.take(), 0) if NUMBER.match(header.peek()) else header.fail("`[%s`" % header.peek())
                    header.take("]")
                fields.append(field)
                if header.take(",", ";") == ";":
                    break
                if "*" in kind:
                    header.fail("one pointer a declaration")
        header.take("}")
        header.take(";")
        entry = {"name": name, "header": header.name, "opaque": False, "doc": header.doc(line), "fields": fields}
        # Declared before, here or in another header: the definition takes its place at the end, behind what it holds.
        earlier = [s for s in self.structs if s["name"] == name]
        if earlier and not earlier[0]["opaque"]:
            header.fail("struct %s is declared twice" % name)
        self.structs = [s for s in self.structs if s["name"] != name] + [entry]

    def _function(self, header):
        line = header.line()
        header.take("FWC_API")
        returns = self._type(header)
        name = header.name_here("a function")
        self._once(header, "functions", name)
        header.take("(")
        params = []
        if header.peek() == "void" and header.peek(1) == ")":
            header.take()
        while header.peek() != ")":
            params.append({"type": self._type(header), "name": header.name_here("a parameter")})
            if header.peek() != ")":
                header.take(",")
                if header.peek() == ")":
                    header.fail("a parameter belongs after `,`")
        header.take(")")
        header.take(";")
        self.functions.append({"name": name, "header": header.name, "line": line, "doc": header.doc(line),
                               "returns": returns, "params": params})

    def data(self):
        """
        enums: name ("" for constants alone), header, doc, members of name, value, doc
        structs: name, header, doc, opaque, fields of name, type, array (0: none), doc; in an order that compiles
        functions: name, header, line, doc, returns, params of type, name
        Types are written as `const struct fwc_ip *`; docs are the headers' comments.
        """
        return {"enums": self.enums, "structs": self.structs, "functions": self.functions}

    def cdef(self):
        def declare(kind, name):
            return kind + name if kind.endswith("*") else kind + " " + name

        lines = []
        for enum in self.enums:
            members = ", ".join("%s = %d" % (m["name"], m["value"]) for m in enum["members"])
            lines.append("enum %s { %s };" % (enum["name"], members) if enum["name"] else "enum { %s };" % members)
        lines += ["struct %s;" % s["name"] for s in self.structs]
        for struct in self.structs:
            if not struct["opaque"]:
                fields = [declare(f["type"], f["name"]) + ("[%d]" % f["array"] if f["array"] else "") + ";"
                          for f in struct["fields"]]
                lines.append("struct %s { %s };" % (struct["name"], " ".join(fields)))
        for function in self.functions:
            params = ", ".join(declare(p["type"], p["name"]) for p in function["params"]) or "void"
            lines.append("%s(%s);" % (declare(function["returns"], function["name"]), params))
        return "\n".join(lines) + "\n"

    def python(self):
        """Enough for cffi and for the enums; the docs of enumerators become those of Python's."""
        enums = {e["name"]: {m["name"]: m["value"] for m in e["members"]} for e in self.enums if e["name"]}
        docs = {e["name"]: e["doc"] for e in self.enums if e["name"]}
        functions = {f["name"]: [f["returns"]] + [p["type"] for p in f["params"]] for f in self.functions}
        structs = {s["name"]: [f["name"] for f in s["fields"]] for s in self.structs if not s["opaque"]}
        return ('# Generated by bindings/generate.py from include/fwcore/*.h.\n'
                '"""What the headers declare."""\n'
                'CDEF = """\n%s"""\nENUMS = %s\nENUM_DOCS = %s\nFUNCTIONS = %s\nSTRUCTS = %s\n'
                % (self.cdef(), *(json.dumps(d, indent=1) for d in (enums, docs, functions, structs))))

    def sizes(self):
        lines = ["#include <fwcore/fwcore.h>", "#include <stdio.h>", "", "int main(void)", "{", '\tprintf("{\\n");']
        public = [s for s in self.structs if not s["opaque"]]
        for i, struct in enumerate(public):
            lines.append('\tprintf("\\"%s\\": {\\"\\": %%zu", sizeof(struct %s));' % (struct["name"], struct["name"]))
            for field in struct["fields"]:
                lines.append('\tprintf(", \\"%s\\": %%zu", offsetof(struct %s, %s));'
                             % (field["name"], struct["name"], field["name"]))
            lines.append('\tprintf("}%s\\n");' % ("," if i + 1 < len(public) else ""))
        return "\n".join(lines + ['\tprintf("}\\n");', "\treturn 0;", "}", ""])


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--format", choices=("cdef", "json", "python", "sizes"), default="cdef")
    parser.add_argument("--include", default=os.path.join(here, "..", "include", "fwcore"), help="the folder of headers")
    parser.add_argument("--output", help="instead of standard output")
    args = parser.parse_args()
    try:
        headers = Headers(args.include)
    except NotUnderstood as problem:
        sys.exit(str(problem))
    if args.format == "json":
        text = json.dumps(headers.data(), indent=1) + "\n"
    else:
        text = getattr(headers, args.format)()
    if args.output:
        with open(args.output, "w", encoding="utf-8") as out:
            out.write(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Manual pages, from the comments of the public headers.

generate.py --version VERSION --output DIR [--functions NAME,NAME...] HEADER... TEMPLATE... CONVENTIONS.md

fwcore_NAME.3   a page for each header: its types and its functions, as they stand there
fwc_FUNCTION.3  one line, which leads to the page that has the function: `man fwc_kernel_apply` finds it
TEMPLATE        *.in: `@VERSION@`, `@DATE@`, `@PAGES@` (the list of the pages above) and `@CONVENTIONS@` are put in

--functions is what the build expects; another list is an error. The date is SOURCE_DATE_EPOCH or today.
"""
import argparse
import os
import re
import sys
import textwrap
import time

TAG = re.compile(r"(?:^|\s)(?=@(?:param|return)\b)")
FACT = re.compile(r"(Types|Ownership|Threads|Kernel|Since): ")
FUNCTION = re.compile(r"\b(fwc_\w+)\(")


# ---------------------------------------------------------------- roff

def escape(text):
    return text.replace("\\", "\\e").replace("-", "\\-")


def inline(text):
    """Words of a comment: `code` is bold, and so are names of functions; a minus is one where it counts."""
    parts = re.split(r"`([^`]*)`", text.replace("docs/CONVENTIONS.md", "libfwcore(7)"))
    for i, part in enumerate(parts):
        if i % 2:
            parts[i] = "\\fB%s\\fR" % escape(part)
        else:
            part = part.replace("\\", "\\e")
            part = re.sub(r"\*\*([^*]+)\*\*", r"\\fB\1\\fR", part)
            part = re.sub(r"(^|[\s(])\*([A-Za-z ]+)\*", r"\1\\fI\2\\fR", part)
            part = re.sub(r"(?<![\w-])-(?=[A-Z0-9-])|(?<=-)-(?=\w)", r"\\-", part)
            parts[i] = re.sub(r"\b(fwc_\w+)(?=\(\))", r"\\fB\1\\fR", part)
    return "".join(parts)


def protect(line):
    return "\\&" + line if line.startswith((".", "'")) else line


def filled(text):
    """A paragraph. A line that is wrapped never begins with what roff takes for a request."""
    return [protect(line) for line in
            textwrap.wrap(inline(" ".join(text.split())), 78, break_long_words=False, break_on_hyphens=False)]


def literal(lines):
    return [".nf", "\\fB"] + [protect(escape(line).rstrip()) for line in lines] + ["\\fR", ".fi"]


def example(lines):
    return [".PP", ".RS 4", ".nf"] + [protect(escape(line).rstrip()) for line in lines] + [".fi", ".RE"]


def title(name, section, date, version):
    return ['.\\" SPDX-License-Identifier: LGPL-2.1-or-later', '.\\" Generated from the headers: docs/man/generate.py.',
            '.TH %s %s %s "libfwcore %s" "libfwcore"' % (name.upper(), section, date, version),
            # -EOPNOTSUPP with a hyphen in it is no error that anybody looks for.
            ".nh", ".ad l"]


# ---------------------------------------------------------------- headers

class Comment:
    """text: [kind, words], a "paragraph" or the lines of an "example"; params and facts: [name, words]; returns: words."""

    def __init__(self, lines):
        self.text, self.params, self.facts = [], [], []
        self.returned = ["@return", ""]
        self.open = None  # what the next line may go on with
        for line in "\n".join("\n".join(TAG.split(line)) for line in lines).split("\n"):
            self.add(line)

    def add(self, line):
        tag, _, rest = line.strip().partition(" ")
        fact = FACT.match(line)
        if tag == "@param":
            name, _, words = rest.strip().partition(" ")
            self.params.append([name, words.strip()])
            self.open = self.params[-1]
        elif tag == "@return":
            self.returned[1] = rest.strip()
            self.open = self.returned
        elif fact:
            self.facts.append([fact.group(1), line[fact.end():].strip()])
            self.open = self.facts[-1]
        elif tag == "@file" or not line.strip():
            self.open = None
        elif self.open:
            self.open[1] += " " + line.strip()
        elif line.startswith("    "):
            if not self.text or self.text[-1][0] != "example":
                self.text.append(["example", []])
            self.text[-1][1].append(line[4:])
        else:
            self.text.append(["paragraph", line.strip()])
            self.open = self.text[-1]


def words_of(comment):
    """The lines of a comment without its stars."""
    comment = re.sub(r"^/\*+<?|\*+/$", "", comment)
    return [re.sub(r"^\s*\* ?", "", line.rstrip()) if number else line.strip()
            for number, line in enumerate(comment.split("\n"))]


class Header:
    """What stands in a header at the top level, in its order: ("text" | "type" | "function", comment, declaration)."""

    ITEM = re.compile(r"(/\*.*?\*/)\s*|(#[^\n]*|FWC_(?:BEGIN|END)_DECLS)\n+|((?:enum|struct)\s\w*\s?\{.*?\n\};)\s*|([^;{}#/]*?;)\s*",
                      re.S)

    def __init__(self, path):
        self.name = os.path.basename(path)[:-2]
        with open(path, encoding="utf-8") as lines:
            source = lines.read()
        self.items, self.file, comment, at = [], None, None, 0
        while source[at:].strip():
            match = self.ITEM.match(source, at)
            if not match:
                raise SystemExit("%s: what is this? %s" % (path, source[at:at + 80]))
            words, _, block, declaration = match.groups()
            if words and "@file" in words:
                self.file = Comment(words_of(words))
            elif words and words.startswith("/**"):
                comment = Comment(words_of(words))
            elif words and "SPDX" not in words:
                self.items.append(("text", Comment(words_of(words)), ""))
            elif block:
                self.items.append(("type", comment, block))
                comment = None
            elif declaration and declaration.startswith("FWC_API"):
                self.items.append(("function", comment, self.prototype(declaration)))
                comment = None
            at = match.end()
        self.functions = [FUNCTION.search(text).group(1) for kind, _, text in self.items if kind == "function"]

    @staticmethod
    def prototype(declaration):
        return " ".join(declaration[len("FWC_API"):].split())

    def summary(self):
        """The first sentence, as NAME wants it."""
        text = re.split(r"\.(?:\s|$)", self.file.text[0][1])[0].split("\n")[0]
        return text if re.match(r"[A-Z]{2}", text) else text[0].lower() + text[1:]


# ---------------------------------------------------------------- a page for each header

def paragraphs(comment):
    lines = []
    for kind, words in comment.text:
        lines += example(words) if kind == "example" else [".PP"] + filled(words)
    return lines


def wrapped_prototype(text):
    """In 72 columns, a parameter with its type."""
    head, _, parameters = text.partition("(")
    words = "%s(%s" % (head, parameters.replace(", ", ",\0"))
    return [line.replace("\1", " ") for line in
            textwrap.wrap(words.replace(" ", "\1").replace("\0", " "), 72, subsequent_indent="    ",
                          break_long_words=False, break_on_hyphens=False)]


def function_lines(comment, prototype):
    lines = [".SS %s()" % FUNCTION.search(prototype).group(1)] + literal(wrapped_prototype(prototype)) + paragraphs(comment)
    for name, words in comment.params:
        lines += [".TP", ".I " + name] + filled(words)
    if comment.returned[1]:
        lines += [".TP", "Returns"] + filled(comment.returned[1])
    for name, words in comment.facts:
        lines += [".TP", name] + filled(words)
    return lines


def type_lines(comment, declaration):
    head, _, body = declaration.partition("{")
    lines = [".SS %s" % " ".join(head.split())] if "_" in head else [".SS Constants"]
    if comment:
        lines += paragraphs(comment)
    members, before = [], ""
    for after, words, member in re.findall(r"/\*\*(<?)(.*?)\*/|([^;,/{}]+)[;,]", body, re.S):
        words = " ".join(words_of(words))
        if member:
            members.append([" ".join(member.split()), before])
            before = ""
        elif after:
            members[-1][1] = words
        else:
            before = words
    short = False  # of members that speak for themselves, one below the other
    for member, words in members:
        tag = "\\fB%s\\fR" % escape(member)
        lines += [".TP", tag] + filled(words) if words else [".br" if short else ".PP", tag]
        short = not words
    return lines


def text_lines(comment):
    """What the header says between its functions. A mere heading says nothing here."""
    heading, _, rest = comment.text[0][1].partition(". ")
    return [".SS " + heading] + filled(rest) if rest else []


def page(header, others, date, version):
    name = "fwcore_" + header.name
    lines = title(name, 3, date, version) + [".SH NAME"]
    lines += filled(", ".join([name] + header.functions))
    summary = filled("- " + header.summary())
    lines += ["\\" + summary[0]] + summary[1:]
    lines += [".SH SYNOPSIS", ".nf", ".B #include <fwcore/%s.h>" % header.name, ".PP"]
    for kind, _, text in header.items:
        if kind == "function":
            lines += ["\\fB%s\\fR" % escape(line) for line in wrapped_prototype(text)]
    lines += [".fi", ".PP", "Compile and link with \\fBpkg\\-config \\-\\-cflags \\-\\-libs libfwcore\\fR.",
              ".SH DESCRIPTION"] + paragraphs(header.file)[1:]
    types = [line for kind, comment, text in header.items if kind == "type" for line in type_lines(comment, text)]
    functions = []
    for kind, comment, text in header.items:
        if kind == "text":
            functions += text_lines(comment)
        elif kind == "function":
            functions += function_lines(comment, text)
    for heading, body in (("TYPES", types), ("FUNCTIONS", functions)):
        lines += [".SH " + heading] + body if body else []
    lines += [".SH SEE ALSO", ".BR libfwcore (7),"] + [".BR fwcore_%s (3)," % other.name for other in others]
    return re.sub(r"(\n\.S[HS] [^\n]*)\n\.PP\n", r"\1\n", "\n".join(lines)[:-1])


# ---------------------------------------------------------------- markdown, as far as CONVENTIONS.md goes

def markdown(path):
    lines, text, listed = [], [], False

    def flush():
        nonlocal text
        if text:
            lines.extend(filled(" ".join(text)))
        text = []

    with open(path, encoding="utf-8") as source:
        for line in source.read().split("\n")[1:]:
            row = re.match(r"\| (.*) \| (.*) \|$", line)
            if line.startswith("## "):
                flush()
                lines.append(".SS " + line[3:])
            elif row:
                lines += [".TP"] + filled(row.group(1)) + filled(row.group(2))
            elif line.startswith("- "):
                flush()
                lines.append('.IP \\(bu 2')
                text, listed = [line[2:]], True
            elif not line.strip():
                flush()
                listed = False
            elif not line.startswith("|--"):
                if not text and not listed:
                    lines.append(".PP")
                text.append(re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line))
    flush()
    # The head of a table says nothing that the rows do not.
    text = "\n".join(lines).replace(".TP\nverb\nmeans\n", "")
    return re.sub(r"(\.SS .*\n)\.PP\n", r"\1", re.sub(r"^\.PP\n", "", text))


def fill_in(path, values):
    with open(path, encoding="utf-8") as template:
        text = template.read()
    for name, value in values.items():
        text = text.replace("@%s@" % name, value)
    return text


# ---------------------------------------------------------------- all pages

def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--version", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--functions", help="what the build expects, with commas")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    date = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))
    headers = [Header(path) for path in arguments.files if path.endswith(".h")]
    headers = [header for header in headers if header.items]  # not the one that includes all others
    pages = {}
    for header in headers:
        others = [other for other in headers if other is not header]
        pages["fwcore_%s.3" % header.name] = page(header, others, date, arguments.version)
        for function in header.functions:
            pages[function + ".3"] = ".so man3/fwcore_%s.3" % header.name
    found = {name for header in headers for name in header.functions}
    if arguments.functions and found != set(arguments.functions.split(",")):
        sys.exit("the headers and the build disagree on: %s" % " ".join(found ^ set(arguments.functions.split(","))))
    values = {
        "VERSION": arguments.version, "DATE": date,
        "PAGES": "\n".join("\n".join([".TP", ".BR fwcore_%s (3)" % header.name] + filled(header.summary()))
                           for header in headers),
        "CONVENTIONS": "\n".join(markdown(path) for path in arguments.files if path.endswith(".md")),
    }
    for path in arguments.files:
        if path.endswith(".in"):
            pages[os.path.basename(path)[:-3]] = fill_in(path, values)
    for name, text in pages.items():
        with open(os.path.join(arguments.output, name), "w", encoding="utf-8") as out:
            out.write(text.rstrip("\n") + "\n")


if __name__ == "__main__":
    main()

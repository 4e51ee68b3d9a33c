"""Reads Turtle 1.1 and remembers where everything stands; goes on after a fault and reports all of them.

pyoxigraph's reader is faster but tells places only of faults; this one is for pointing at a triple and for the canonical form.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from functools import cached_property

import pyoxigraph

from phkg.turtle import terms
from phkg.turtle.document import Directive, Document, Node, Pair, Record, Statement, Term
from phkg.turtle.faults import SyntaxFault
from phkg.turtle.tokens import line_and_column, line_starts, tokenise

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = pyoxigraph.NamedNode(_RDF + "type")
_FIRST = pyoxigraph.NamedNode(_RDF + "first")
_REST = pyoxigraph.NamedNode(_RDF + "rest")
NIL = pyoxigraph.NamedNode(_RDF + "nil")
_INTEGER = pyoxigraph.NamedNode(_XSD + "integer")
_DECIMAL = pyoxigraph.NamedNode(_XSD + "decimal")
_DOUBLE = pyoxigraph.NamedNode(_XSD + "double")
_BOOLEAN = pyoxigraph.NamedNode(_XSD + "boolean")

_DEEPEST = 100
_LINE_END = re.compile("[\r\n]")
_BOM = b"\xef\xbb\xbf"
_SUBJECT_KINDS = frozenset({"name", "iri", "blank", "[", "("})
_VERB_KINDS = frozenset({"name", "iri"})
_OBJECT_KINDS = frozenset({"name", "iri", "blank", "[", "(", "string", "number"})


def read(data: bytes, spans: Sequence[tuple[int, int]] | None = None) -> Document:
    """The Turtle file as a Document; never raises for what the file holds, all faults are in ``Document.errors``.

    With ``spans`` (from and up to which character) only whole statements that lie there are read. A byte order mark is passed over (columns count from after it). Bytes that are not UTF-8 are one fault and read as U+FFFD.
    """
    data = data.removeprefix(_BOM)
    faults: list[SyntaxFault] = []
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = data.decode(errors="replace")
        before = data[: error.start].decode()
        line, column = line_and_column(line_starts(before), len(before))
        faults.append(SyntaxFault("not-utf8", line, column, line, column + 1, f"0x{data[error.start]:02X}"))
    return _Reader(text, faults, spans).document()


class _Stop(Exception):
    """A fault after which the statement cannot be read on."""


class _Reader:
    def __init__(self, text: str, faults: list[SyntaxFault], spans: Sequence[tuple[int, int]] | None) -> None:
        self.text = text
        tokens, self.comments = tokenise(text, spans)
        self.kinds, self.starts, self.ends = tokens
        self.faults = faults
        self.index = 0
        self.depth = 0
        self.base: str | None = None
        self.prefixes: dict[str, str] = {}
        self.names: dict[str, pyoxigraph.NamedNode] = {}
        self.triples: list[Statement] = []
        self.items: list[Record | Directive] = []

    @cached_property
    def lines(self) -> list[int]:
        return line_starts(self.text)

    def document(self) -> Document:
        while self.kinds[self.index] != "end":
            begin = self.index
            try:
                self._statement()
            except _Stop:
                self._recover(begin)
        faults = tuple(sorted(self.faults, key=lambda fault: (fault.line, fault.column)))
        return Document(self.text, self.triples, self.items, self.comments, faults, self.prefixes)

    def _token(self) -> tuple[str, int, int]:
        index = self.index
        return self.kinds[index], self.starts[index], self.ends[index]

    # Faults

    def _report(self, code: str, start: int, end: int, detail: str = "", expected: str = "") -> None:
        line, column = line_and_column(self.lines, start)
        end_line, end_column = line_and_column(self.lines, end)
        self.faults.append(SyntaxFault(code, line, column, end_line, end_column, detail, expected))

    def _report_gap(self, code: str, place: int, detail: str = "", expected: str = "") -> None:
        """Reports that something is missing at a place, as a fault one column wide."""
        line, column = line_and_column(self.lines, place)
        self.faults.append(SyntaxFault(code, line, column, line, column + 1, detail, expected))

    def _written(self, start: int, end: int) -> str:
        """What stands there, short enough for a sentence."""
        text = _LINE_END.split(self.text[start:end], maxsplit=1)[0]
        if len(text) == 1 and not text.isprintable():
            return f"U+{ord(text):04X}"
        return text if len(text) <= 60 else text[:59] + "…"

    def _wrong(self, code: str, expected: str = "") -> _Stop:
        """Reports that the next token is not what ``code`` expects, or what is wrong with the token itself."""
        kind, start, end = self._token()
        if kind == "end":
            self._report_gap("unexpected-end", self.ends[self.index - 1], expected=expected or ".")
            return _Stop()
        detail = self._written(start, end)
        if kind == "bad":
            if detail[:3] in ('"""', "'''"):
                code, expected = "unterminated-long-string", detail[:3]
                self.index = len(self.kinds) - 1  # everything after it lies inside the text
            elif detail[0] in "\"'":
                code, expected = "unterminated-string", detail[0]
            elif detail[0] == "<":
                code = "unterminated-iri"
            elif detail[0] == "@":
                code = "language-tag"
            elif self.index and self.kinds[self.index - 1] == "name" and self.ends[self.index - 1] == start:
                code = "name-character"
            else:
                code = "unexpected-character"
        elif kind == "word" and code in ("expected-subject", "expected-predicate", "expected-object"):
            code = "unknown-word" if detail not in ("a", "true", "false") else code
        elif kind == "language" and code == "expected-subject":
            code, expected = "unknown-directive", "@prefix, @base"
        self._report(code, start, end, detail, expected)
        return _Stop()

    def _recover(self, begin: int) -> None:
        """Goes to the next statement: after a full stop, or at a line that begins at its very left with what can begin one."""
        while True:
            kind, start, end = self._token()
            if kind == "end":
                return
            if self.index > begin and self._begins_line(start) and self.kinds[self.index - 1] not in (";", ","):
                if kind in _SUBJECT_KINDS or self.text[start:end].lower() in ("@prefix", "@base", "prefix", "base"):
                    return
            self.index += 1
            if kind == ".":
                return

    def _begins_line(self, start: int) -> bool:
        return start == 0 or self.text[start - 1] in "\r\n"

    def _on_new_line(self) -> bool:
        """Whether a line ends between the token before and the next one."""
        between = self.text[self.ends[self.index - 1] : self.starts[self.index]]
        return "\n" in between or "\r" in between

    # Statements

    def _statement(self) -> None:
        kind, start, end = self._token()
        if kind in ("language", "word"):
            written = self.text[start:end]
            if written in ("@prefix", "@base") or (kind == "word" and written.lower() in ("prefix", "base")):
                self._directive(written)
                return
        if kind not in _SUBJECT_KINDS:
            raise self._wrong("expected-subject")
        subject = self._object()
        pairs: list[Pair] = []
        record = Record(subject, pairs, 0)
        if not (kind == "[" and subject.pairs and self.kinds[self.index] == "."):
            self._pairs(subject, pairs, ".")
        if self.kinds[self.index] == ".":
            record = record._replace(end=self.starts[self.index])
            self.index += 1
        self.items.append(record)

    def _directive(self, written: str) -> None:
        begin = self.starts[self.index]
        self.index += 1
        name: str | None = None
        if written.lower().endswith("prefix"):
            kind, start, end = self._token()
            name = self.text[start:end].removesuffix(":")
            if kind != "name" or not self.text[start:end].endswith(":") or ":" in name:
                fault = self._wrong("expected-prefix-name")
                if kind != "word":
                    raise fault
            self.index += 1
        if self.kinds[self.index] != "iri":
            raise self._wrong("expected-iri")
        node = self._named(*self._token())
        end = self.ends[self.index]
        self.index += 1
        if node is not None:
            if name is None:
                self.base = node.value
            else:
                self.prefixes[name] = node.value
            self.names.clear()
            self.items.append(Directive(name, node.value, begin, end))
        has_dot = self.kinds[self.index] == "."
        if written.startswith("@") and not has_dot:
            if not self._on_new_line() and self.kinds[self.index] != "end":
                raise self._wrong("expected-dot", ".")
            self._report_gap("expected-dot", end, expected=".")
        elif not written.startswith("@") and has_dot:
            self._report("unexpected-dot", self.starts[self.index], self.ends[self.index], written)
        if has_dot:
            self.index += 1

    def _pairs(self, subject: Node, pairs: list[Pair], close: str) -> None:
        """Reads predicates with objects up to, and not with, the mark that closes them."""
        kinds, triples = self.kinds, self.triples
        while True:
            predicate = self._predicate()
            objects: list[Node] = []
            pairs.append(Pair(predicate, objects))
            mark = ","
            while mark == ",":
                node = self._object()
                objects.append(node)
                if node.term is not None and predicate.term is not None and subject.term is not None:
                    triples.append(Statement(subject, predicate, node))
                mark = kinds[self.index]
                if mark not in (",", ";", close):
                    mark = self._missing_mark(close)
                elif mark != close:
                    self.index += 1
            if mark == ";":
                while kinds[self.index] == ";":
                    self.index += 1
                mark = kinds[self.index]
            if mark == close:
                return

    def _missing_mark(self, close: str) -> str:
        """Reports a separator left out at the end of a line and says which one was meant; elsewhere the statement is given up."""
        kind, start, end = self._token()
        if kind in _OBJECT_KINDS or kind in ("word", "language"):
            if self._on_new_line():
                before = self.ends[self.index - 1]
                if self._begins_line(start) and close == ".":
                    self._report_gap("expected-dot", before, expected=".")
                    return "."
                self._report_gap("expected-separator", before, self._written(start, end), close)
                return ";" if kind in _VERB_KINDS or self.text[start:end] == "a" else ","
        raise self._wrong("expected-separator", close)

    # Terms

    def _predicate(self) -> Node:
        kind, start, end = self._token()
        term: Term | None
        if kind in _VERB_KINDS:
            term = self.names.get(self.text[start:end]) or self._named(kind, start, end)
        elif kind == "word" and self.text[start:end] == "a":
            term = _TYPE
        else:
            raise self._wrong("expected-predicate")
        self.index += 1
        return Node(term, start, end)

    def _object(self) -> Node:
        kind, start, end = self._token()
        if kind in _VERB_KINDS:
            self.index += 1
            return Node(self.names.get(self.text[start:end]) or self._named(kind, start, end), start, end)
        if kind == "string":
            return self._literal(start, end)
        if kind == "number":
            self.index += 1
            text = self.text[start:end]
            datatype = _DOUBLE if "e" in text or "E" in text else _DECIMAL if "." in text else _INTEGER
            return Node(pyoxigraph.Literal(text, datatype=datatype), start, end)
        if kind == "word" and self.text[start:end] in ("true", "false"):
            self.index += 1
            return Node(pyoxigraph.Literal(self.text[start:end], datatype=_BOOLEAN), start, end)
        if kind == "blank":
            self.index += 1
            return Node(pyoxigraph.BlankNode(self.text[start + 2 : end]), start, end)
        if kind in ("[", "("):
            return self._nested(kind, start)
        raise self._wrong("expected-object")

    def _nested(self, kind: str, start: int) -> Node:
        if self.depth == _DEEPEST:
            raise self._wrong("too-deep", str(_DEEPEST))
        outer, self.depth = self.depth, self.depth + 1
        self.index += 1
        try:
            return self._property_list(start) if kind == "[" else self._collection(start)
        finally:
            self.depth = outer

    def _property_list(self, start: int) -> Node:
        node = Node(pyoxigraph.BlankNode(), start, start + 1, pairs=[])
        assert node.pairs is not None
        if self.kinds[self.index] != "]":
            self._pairs(node, node.pairs, "]")
            if self.kinds[self.index] != "]":
                raise self._wrong("expected-separator", "]")
        node.end = self.ends[self.index]
        self.index += 1
        return node

    def _collection(self, start: int) -> Node:
        members: list[Node] = []
        while self.kinds[self.index] != ")":
            members.append(self._object())
        end = self.ends[self.index]
        self.index += 1
        rest: Term = NIL
        for member in reversed(members):
            cell = Node(pyoxigraph.BlankNode(), start, end)
            place = Node(_REST, member.start, member.end)
            if member.term is not None:
                self.triples.append(Statement(cell, Node(_FIRST, member.start, member.end), member))
            self.triples.append(Statement(cell, place, Node(rest, member.start, member.end)))
            rest = cell.term
        return Node(rest, start, end, members=members)

    def _literal(self, start: int, end: int) -> Node:
        quotes = 3 if self.text.startswith(('"""', "'''"), start) else 1
        value: str | None = self.text[start + quotes : end - quotes]
        if "\\" in value:
            try:
                value = terms.unescape(value)
            except terms.EscapeError as error:
                place = start + quotes + error.start
                self._report("string-escape", place, start + quotes + error.end, value[error.start : error.end], terms.STRING_ESCAPES)
                value = None
        self.index += 1
        kind, tag_start, tag_end = self._token()
        if kind == "language" and self.text[tag_start:tag_end] not in ("@prefix", "@base"):
            self.index += 1
            if value is None:
                return Node(None, start, tag_end)
            try:
                return Node(pyoxigraph.Literal(value, language=self.text[tag_start + 1 : tag_end]), start, tag_end)
            except ValueError:
                self._report("language-tag", tag_start, tag_end, self.text[tag_start:tag_end])
                return Node(None, start, tag_end)
        if kind == "^^":
            self.index += 1
            kind, type_start, type_end = self._token()
            if kind not in _VERB_KINDS:
                raise self._wrong("expected-datatype")
            datatype = self.names.get(self.text[type_start:type_end]) or self._named(kind, type_start, type_end)
            self.index += 1
            if value is None or datatype is None:
                return Node(None, start, type_end)
            return Node(pyoxigraph.Literal(value, datatype=datatype), start, type_end)
        return Node(None if value is None else pyoxigraph.Literal(value), start, end)

    def _named(self, kind: str, start: int, end: int) -> pyoxigraph.NamedNode | None:
        """The IRI of a name or address, remembered for the next time it is written; None after a fault has been reported."""
        written = self.text[start:end]
        if kind == "name":
            prefix, _, local = written.partition(":")
            if prefix not in self.prefixes:
                near = difflib.get_close_matches(prefix, self.prefixes, n=1, cutoff=0.5)
                self._report("undefined-prefix", start, start + len(prefix) + 1, f"{prefix}:", f"{near[0]}:" if near else "")
                return None
            iri = self.prefixes[prefix] + terms.unescape_local(local)
        else:
            try:
                iri = terms.unescape(written[1:-1], only_numeric=True)
            except terms.EscapeError:
                self._report("iri-invalid", start, end, self._written(start, end))
                return None
            if not terms.is_absolute(iri):
                if self.base is None:
                    self._report("iri-relative", start, end, self._written(start, end))
                    return None
                iri = terms.resolve(self.base, iri)
        try:
            node = pyoxigraph.NamedNode(iri)
        except ValueError:
            self._report("iri-invalid", start, end, self._written(start, end))
            return None
        self.names[written] = node
        return node

"""One canonical form of Turtle, so that a change of a file shows what was changed and nothing else.

Records, predicates and values stand in a fixed order, one statement a line; comments stay with what they are about; literals keep
their lexical form. Formatting twice gives the same bytes as once, and the graph is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph

from phkg.turtle.comments import Note, Notes, attach
from phkg.turtle.document import Directive, Document, Node, Pair
from phkg.turtle.faults import TurtleSyntaxError
from phkg.turtle.order import (
    RDF_TYPE,
    Names,
    in_brackets,
    is_single,
    object_order,
    predicate_order,
    prefix_order,
    subject_order,
)
from phkg.turtle.reader import NIL, read

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STEP = 4
_ESCAPED = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff"\\\\]')
_ESCAPED_LONG = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\\\\]|"(?="")|"\\Z')
_SHORT_ESCAPES = {"\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f", '"': '\\"', "\\": "\\\\"}
_SHORTHAND = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "boolean": re.compile("true|false"),
}


def format_turtle(data: bytes, languages: Sequence[str] = ()) -> bytes:
    """The file in canonical form: UTF-8, LF, a final line end; an empty file stays empty.

    ``languages``: the tags whose texts come first, in lower case and in this order; other tags follow by name.
    Raises TurtleSyntaxError if the file has any fault of syntax.
    """
    document = read(data)
    if document.errors:
        raise TurtleSyntaxError(document.errors)
    return printed(document, languages)


def printed(document: Document, languages: Sequence[str] = ()) -> bytes:
    """A document without faults in canonical form."""
    return _Printer(document, languages).print().encode()


def write_turtle(triples: Iterable[pyoxigraph.Triple], prefixes: Mapping[str, str], languages: Sequence[str] = ()) -> bytes:
    """Triples as a file in canonical form; ``prefixes`` from name to namespace, those not used are left out.

    Numbers and booleans are written short where that keeps their lexical form. Raises TurtleSyntaxError if a prefix or namespace is none.
    """
    lines = [f"@prefix {name}: {in_brackets(namespace)} ." for name, namespace in prefixes.items()]
    lines += [f"{triple.subject} {triple.predicate} {_plain(triple.object)} ." for triple in triples]
    return format_turtle("\n".join(lines).encode(), languages)


def _plain(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> str:
    if isinstance(term, pyoxigraph.Literal):
        pattern = _SHORTHAND.get(term.datatype.value)
        if pattern and pattern.fullmatch(term.value):
            return term.value
    return str(term)


def quoted(value: str) -> str:
    """The text in quotation marks: three if it holds a line feed, else one; invisible control characters are escaped."""
    if "\n" in value:
        return f'"""{_ESCAPED_LONG.sub(_escape, value)}"""'
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT_ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


class _Printer:
    def __init__(self, document: Document, languages: Sequence[str]) -> None:
        self.document = document
        self.languages = languages
        self.notes: Notes = attach(document)
        self.names = Names(document.prefixes)
        self.lines: list[str] = []

    def print(self) -> str:
        records = self._records()
        for subject, pairs, tail in records:
            self._record(subject, pairs, tail)
        body, self.lines = self.lines, []
        head = self._header()
        parts = ["\n".join(part) for part in (self._block(head), self.lines, body, self._block(self.notes.tail)) if part]
        return "\n\n".join(part.strip("\n") for part in parts) + "\n" if parts else ""

    # The head of the file

    def _header(self) -> list[Note]:
        """Writes the prefix lines and returns the comments of the file's head, with those of prefix lines that are gone."""
        directives = {item.name: item for item in self.document.items if isinstance(item, Directive) and item.name is not None}
        used = dict(self.names.used())
        kept = [directives[name] for name in sorted(used, key=prefix_order)]
        if kept:
            self._give_to_head(kept[0].start, beside=False)
        places = {item.start for item in kept}
        for item in self.document.items:
            if isinstance(item, Directive) and item.start not in places:
                self._give_to_head(item.start, beside=True)
        for item in kept:
            self._above(item.start, 0)
            self._emit(f"@prefix {item.name}: {in_brackets(item.iri)} .", self.notes.after.get(item.start))
        return self.notes.head

    def _give_to_head(self, place: int, *, beside: bool) -> None:
        self.notes.head += self.notes.before.pop(place, [])
        if beside and place in self.notes.after:
            self.notes.head.append(self.notes.after.pop(place))

    @staticmethod
    def _block(notes: list[Note]) -> list[str]:
        lines: list[str] = []
        for note in notes:
            lines += [note.text, ""] if note.gap else [note.text]
        return lines

    # Bringing together what is said of the same thing, and putting it in order

    def _records(self) -> list[tuple[Node, list[Pair], list[Note]]]:
        together: dict[object, tuple[Node, list[Pair], list[Note]]] = {}
        for item in self.document.items:
            if isinstance(item, Directive):
                continue
            subject, tail = item.subject, self.notes.inside.get(item.end, [])
            key = subject.term if is_single(subject) else subject
            if key in together:
                self.notes.hand_over(subject.start, item.pairs[0].predicate.start)
                together[key][1].extend(item.pairs)
                together[key][2].extend(tail)
            else:
                together[key] = (subject, list(item.pairs), list(tail))
        return sorted(together.values(), key=lambda record: subject_order(record[0]))

    def _arranged(self, pairs: list[Pair]) -> list[Pair]:
        together: dict[object, Pair] = {}
        for predicate, objects in pairs:
            if predicate.term in together:
                self.notes.hand_over(predicate.start, objects[0].start)
                together[predicate.term].objects.extend(objects)
            else:
                together[predicate.term] = Pair(predicate, list(objects))
        arranged = sorted(together.values(), key=lambda pair: predicate_order(pair, self.names))
        return [Pair(pair.predicate, self._values(pair.objects)) for pair in arranged]

    def _values(self, objects: list[Node]) -> list[Node]:
        """The values in order, each term once; ``[ … ]`` and ``( … )`` are each a thing of their own."""
        first: dict[object, Node] = {}
        for node in objects:
            kept = first.setdefault(node.term if is_single(node) else node, node)
            if kept is not node:
                self.notes.hand_over(node.start, kept.start)
        return sorted(first.values(), key=lambda node: object_order(node, self.languages))

    # Writing

    def _emit(self, line: str, note: Note | None = None) -> None:
        self.lines.append(f"{line} {note.text}" if note else line)

    def _above(self, place: int, indent: int) -> None:
        for note in self.notes.before.get(place, []):
            self._emit(" " * indent + note.text)

    def _record(self, subject: Node, pairs: list[Pair], tail: list[Note]) -> None:
        if self.lines:
            self._emit("")
        for note in self.notes.before.get(subject.start, []):
            self._emit(note.text)
            if note.gap:
                self._emit("")
        line, note = self._node(subject, "", 0)
        pairs = self._arranged(pairs)
        if not pairs:
            if tail:
                self._emit(line, note)
                self._tail(tail, ".")
            else:
                self._emit(line + " .", note)
            return
        if note or self.notes.before.get(pairs[0].predicate.start):
            self._emit(line, note)
            line = ""
        self._pairs(pairs, line and line + " ", _STEP, " ;" if tail else " .")
        if tail:
            self._tail(tail, ".")

    def _tail(self, tail: list[Note], close: str) -> None:
        for note in tail:
            self._emit(" " * _STEP + note.text)
        self._emit(" " * _STEP + close)

    def _pairs(self, pairs: list[Pair], lead: str, indent: int, close: str) -> None:
        """Writes arranged pairs, the first after ``lead`` if there is one, the last with ``close`` after it."""
        for number, (predicate, objects) in enumerate(pairs):
            self._above(predicate.start, indent)
            iri = predicate.term.value
            line = (lead or " " * indent) + ("a" if iri == RDF_TYPE else self.names.write(iri))
            lead = ""
            note = self.notes.after.get(predicate.start)
            on_line = not note and not self.notes.before.get(objects[0].start)
            if not on_line:
                self._emit(line, note)
            for place, node in enumerate(objects):
                if on_line and place == 0:
                    line, note = self._node(node, line + " ", indent)
                else:
                    self._above(node.start, indent + _STEP)
                    line, note = self._node(node, " " * (indent + _STEP), indent + _STEP)
                end = " ," if place + 1 < len(objects) else " ;" if number + 1 < len(pairs) else close
                self._emit(line + end, note)

    def _node(self, node: Node, lead: str, indent: int) -> tuple[str, Note | None]:
        """Writes all lines of a part but the last, and returns that with the comment beside it; ``indent`` is that of its brackets."""
        if node.pairs:
            self._emit(lead + "[", self.notes.after.get(node.start))
            inside = self.notes.inside.get(node.end - 1, [])
            self._pairs(self._arranged(node.pairs), "", indent + _STEP, " ;" if inside else "")
            return self._close(node, indent, "]", inside)
        if node.members and self._has_no_notes(node) and all(map(is_single, node.members)):
            inner = " ".join(map(self._text, node.members))
            return f"{lead}( {inner} )", self.notes.closing.get(node.end - 1)
        if node.members:
            self._emit(lead + "(", self.notes.after.get(node.start))
            for member in node.members:
                self._above(member.start, indent + _STEP)
                self._emit(*self._node(member, " " * (indent + _STEP), indent + _STEP))
            return self._close(node, indent, ")", self.notes.inside.get(node.end - 1, []))
        return lead + self._text(node), self.notes.after.get(node.start)

    def _close(self, node: Node, indent: int, bracket: str, inside: list[Note]) -> tuple[str, Note | None]:
        for note in inside:
            self._emit(" " * (indent + _STEP) + note.text)
        return " " * indent + bracket, self.notes.closing.get(node.end - 1)

    def _has_no_notes(self, node: Node) -> bool:
        assert node.members is not None
        beside = [node.start, *(member.start for member in node.members)]
        return (
            not any(place in self.notes.after for place in beside)
            and not any(self.notes.before.get(place) for place in beside[1:])
            and node.end - 1 not in self.notes.inside
        )

    def _text(self, node: Node) -> str:
        term = node.term
        written = self.document.text[node.start : node.end]
        if node.pairs is not None:
            return "[]"
        if term == NIL:
            return "()"
        if isinstance(term, pyoxigraph.NamedNode):
            return self.names.write(term.value)
        if isinstance(term, pyoxigraph.BlankNode) or written[0] not in "\"'":
            return written
        if term.language:
            return f"{quoted(term.value)}@{written.rpartition('@')[2]}"
        datatype = term.datatype.value
        return quoted(term.value) + ("" if datatype == _XSD + "string" else f"^^{self.names.write(datatype)}")

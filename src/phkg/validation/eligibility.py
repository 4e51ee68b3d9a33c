"""Which SPARQL constraints may run as one query over the whole graph instead of once for each focus node.

A constraint's query is defined with $this bound beforehand. Left free it gives the same solutions when $this is certainly bound wherever an
expression looks at it. `refusal` parses the query (a subset of SPARQL 1.1, by recursive descent) and refuses whatever it is not sure of.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .query_text import UnknownSign, tokens

_REFUSED = {"MINUS", "VALUES", "SERVICE", "GRAPH", "LIMIT", "OFFSET", "SELECT", "FROM", "ASK", "CONSTRUCT", "DESCRIBE", "BASE"}
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_THIS = "this"


class Refused(Exception):
    """The query is not surely the same with $this left free; says why."""


@dataclass
class _Group:
    """A group pattern: the variables that every solution binds, and where $this is looked at."""

    bound: set[str] = field(default_factory=set)
    mentions: bool = False  # $this occurs in its own triples or expressions
    looked_at: bool = False  # an expression of its own looks at $this
    nested: list[_Group] = field(default_factory=list)
    exists: list[_Group] = field(default_factory=list)

    def mentions_below(self) -> bool:
        """True when $this occurs anywhere in the group."""
        return self.mentions or any(group.mentions_below() for group in (*self.nested, *self.exists))

    def check(self, given: bool = False) -> None:
        """Refuses when $this is looked at where neither the group nor (for an EXISTS, `given`) the group around it binds it."""
        here = given or _THIS in self.bound
        if self.looked_at and not here:
            raise Refused("$this is looked at where it is not bound")
        for group in self.nested:
            group.check()
        for group in self.exists:
            if group.mentions_below() and not here:
                raise Refused("EXISTS looks at a $this that is not bound around it")
            group.check(here)


class _Parser:
    def __init__(self, query: str) -> None:
        self.tokens, self.at = tokens(query), 0

    def peek(self, further: int = 0) -> str:
        """The next token, or one `further` on; words in capitals, variables with a question mark, empty at the end."""
        return self.tokens[self.at + further].text if self.at + further < len(self.tokens) else ""

    def kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise Refused(f"{expected or 'more'} expected, {token or 'the end'} found")
        if self.kind() == "word" and token in _REFUSED and expected != token:
            raise Refused(f"{token} is used")
        if token in ("?currentShape", "?shapesGraph", "?PATH") and self.kind() == "var":
            raise Refused(f"${token[1:]} is used")
        self.at += 1
        return token

    def query(self) -> None:
        while self.peek() == "PREFIX":
            self.take(), self.take(), self.take()
        self.take("SELECT")
        if self.peek() in ("DISTINCT", "REDUCED"):
            self.take()
        projected, aggregates = set(), False
        while self.peek() not in ("WHERE", "{"):
            if self.kind() == "var":
                projected.add(self.take())
            elif self.peek() == "(":
                words, variables = self.expression()
                aggregates = aggregates or bool(words & _AGGREGATES)
                if variables[-1:] == ["?" + _THIS]:
                    raise Refused("$this is assigned")
            else:
                raise Refused("the projection is not a list of variables")
        if "?" + _THIS not in projected:
            raise Refused("$this is not projected")
        if self.peek() == "WHERE":
            self.take()
        group = self.group()
        if _THIS not in group.bound:
            raise Refused("the pattern does not surely bind $this")
        group.check()
        self.modifiers(aggregates)

    def modifiers(self, aggregates: bool) -> None:
        grouped = False
        if self.peek() == "GROUP":
            self.take(), self.take("BY")
            while self.kind() == "var":
                grouped = self.take() == "?" + _THIS or grouped
            if not grouped:
                raise Refused("solutions are not grouped by $this")
        if aggregates and not grouped:
            raise Refused("an aggregate runs over all focus nodes")
        if self.peek() == "HAVING":
            self.take()
            while self.peek() == "(":
                words, _ = self.expression()
                if words & _AGGREGATES and not grouped:
                    raise Refused("an aggregate runs over all focus nodes")
        if self.peek() == "ORDER":
            self.take(), self.take("BY")
            while self.kind() == "var":
                self.take()
        if self.peek():
            raise Refused(f"{self.peek()} after the pattern")

    def group(self) -> _Group:
        self.take("{")
        group = _Group()
        while self.peek() != "}":
            token = self.peek()
            if token == "FILTER":
                self.take()
                self.constraint(group)
            elif token == "OPTIONAL":
                self.take()
                group.nested.append(self.group())
            elif token == "BIND":
                self.take()
                _, variables = self.expression(group)
                if variables[-1:] == ["?" + _THIS]:
                    raise Refused("$this is assigned")
                if "?" + _THIS in variables and _THIS not in group.bound:
                    raise Refused("BIND looks at $this before it is bound")
            elif token == "{":
                branches = [self.group()]
                while self.peek() == "UNION":
                    self.take()
                    branches.append(self.group())
                group.nested.extend(branches)
                group.bound |= set.intersection(*(branch.bound for branch in branches))
            elif token in (".", ""):
                self.take()
            else:
                self.triples(group)
        self.take("}")
        return group

    def constraint(self, group: _Group) -> None:
        if self.peek() in ("NOT", "EXISTS"):
            self.exists(group)
            return
        while self.peek() != "(":  # the name of a function
            if self.kind() not in ("word", "name", "iri"):
                raise Refused("a filter is neither a function nor in brackets")
            self.take()
        self.expression(group)

    def exists(self, group: _Group) -> None:
        if self.peek() == "NOT":
            self.take()
        self.take("EXISTS")
        group.exists.append(self.group())

    def expression(self, group: _Group | None = None) -> tuple[set[str], list[str]]:
        """Reads "( … )"; the words and variables in it, in order."""
        self.take("(")
        depth, words, variables = 1, set(), []
        while depth:
            token = self.peek()
            if group is not None and (token == "EXISTS" or (token == "NOT" and self.peek(1) == "EXISTS")):
                self.exists(group)
                continue
            if token in ("{", "}"):
                raise Refused("a pattern stands where an expression is expected")
            depth += {"(": 1, ")": -1}.get(token, 0)
            if self.kind() == "var":
                variables.append(token)
                if token == "?" + _THIS and group is not None:
                    group.mentions = group.looked_at = True
            elif self.kind() == "word":
                words.add(token)
            self.take()
        return words, variables

    def triples(self, group: _Group) -> None:
        """Reads triples to the next full stop or keyword; paths of length zero bind nothing surely."""
        seen: set[str] = set()
        sure = True
        while self.peek() not in (".", "{", "}", "FILTER", "OPTIONAL", "BIND", ""):
            if self.kind() == "var":
                seen.add(self.peek()[1:])
            elif self.peek() in ("*", "?"):
                sure = False
            elif self.kind() == "word" and self.peek() not in ("A", "TRUE", "FALSE", *_REFUSED):
                raise Refused(f"{self.peek()} stands in a pattern")
            self.take()
        group.mentions = group.mentions or _THIS in seen
        if sure:
            group.bound |= seen


def refusal(query: str) -> str | None:
    """Why `query` (a sh:select, $PATH already put in) must run for each focus node, or None when it may run once over the whole graph."""
    try:
        _Parser(query).query()
    except (Refused, UnknownSign) as reason:
        return str(reason)
    return None

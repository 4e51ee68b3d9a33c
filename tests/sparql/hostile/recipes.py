"""Long hostile queries, each with the statuses that are right for it. Numbers are sizes at which an unguarded engine dies or hangs."""

STOPPED = {504, 500}
"""Ended at the deadline, or by the wall of memory."""

ANY = {200, 504, 500}
"""Answered if the machine is quick enough, else stopped."""


def nested(before: str, opening: str, times: int, inside: str, closing: str, after: str) -> bytes:
    """Something within itself, many times."""
    return (before + opening * times + inside + closing * times + after).encode()


def chain(before: str, parts: str, count: int, after: str, between: str = " ") -> bytes:
    """Many parts in a row; {n} in a part is its number, {m} the next."""
    return (before + between.join(parts.replace("{n}", str(n)).replace("{m}", str(n + 1)) for n in range(count)) + after).encode()


HUNDRED = " ".join(map(str, range(100)))

RECIPES: dict[str, tuple[bytes, set[int]]] = {
    # Nesting that exhausts a parser's stack.
    "nested groups": (nested("SELECT * { ", "{", 2_300, "", "}", " }"), ANY),
    "nested parentheses": (nested("SELECT (", "(", 5_000, "1", ")", " AS ?x) {}"), ANY),
    "nested negations": (nested("ASK { FILTER(", "!", 10_000, "true", "", ") }"), ANY),
    "nested sub-selects": (nested("SELECT * { ", "{ SELECT * {", 1_100, "", "}}", " }"), ANY),
    "nested exists": (nested("ASK { ", "FILTER EXISTS { ?s ?p ?o ", 1_000, "", "}", " }"), ANY),
    "nested optional": (nested("SELECT * { ?s ?p ?o ", "OPTIONAL { ?s ?p ?o ", 500, "", "}", " } LIMIT 1"), ANY),
    "nested minus": (nested("SELECT * { ?s ?p ?o ", "MINUS { ?s ?p ?o ", 1_000, "", "}", " } LIMIT 1"), ANY),
    "nested if": (nested("SELECT (", "IF(true, ", 2_500, "1", ", 2)", " AS ?x) {}"), ANY),
    "nested graph": (nested("SELECT * { ", "GRAPH ?g {", 1_500, "?s ?p ?o", "}", " }"), ANY),
    "nested list": (nested("ASK { ?s ?p ", "(", 152, "", ")", " }"), ANY),
    "nested blank nodes": (nested("ASK { ?s ?p ", "[ ?p ", 384, "1", "]", " }"), ANY),
    "nested path": (nested("ASK { ?s ", "(", 14_000, "<x:y>", ")", " ?o }"), ANY),
    "nested path stars": (nested("SELECT (COUNT(*) AS ?n) { ?s ", "(", 300, "<https://example.org/next>", ")*", " ?o }"), ANY),
    "nested triple terms": (nested("ASK { ?s ?p ", "<<( ?a ?b ", 500, "1", ")>>", " }"), {200, 400, 504, 500}),
    "unclosed groups": (b"SELECT * { " + b"{" * 30_000, {400, 504, 500}),
    "unclosed parentheses": (b"SELECT (" + b"(" * 30_000, {400, 504, 500}),
    # Much in a row: what an optimiser or a planner chews on.
    "long sum": (chain("SELECT (", "1", 7_500, " AS ?x) {}", "+"), ANY),
    "long or": (chain("ASK { ?s ?p ?o FILTER(", "?o = {n}", 4_000, ") }", " || "), ANY),
    "long path": (chain("ASK { ?s ", "<https://example.org/next>", 350, " ?o }", "/"), ANY),
    "many patterns": (chain("SELECT (COUNT(*) AS ?n) { ", "?v{n} ?p{n} ?v{m} .", 144, " }"), STOPPED),
    "many free patterns": (chain("SELECT (COUNT(*) AS ?n) { ", "?a{n} ?b{n} ?c{n} .", 60, " }"), STOPPED),
    "many optionals": (chain("SELECT (COUNT(*) AS ?n) { ?s ?p ?o ", "OPTIONAL { ?s ?p{n} ?o{n} }", 304, " }"), STOPPED),
    "many unions": (chain("SELECT (COUNT(*) AS ?n) { ", "{ ?s ?p ?o{n} }", 2_500, " }", " UNION "), ANY),
    "many binds": (chain("SELECT (COUNT(*) AS ?n) { ?s ?p ?o ", "BIND(CONCAT(STR(?o), '{n}') AS ?b{n})", 1_200, " }"), ANY),
    "many prefixes": (chain("", "PREFIX p{n}: <https://example.org/{n}/>", 1_300, "ASK { ?s p1:a ?o }"), ANY),
    "many sub-selects": (chain("SELECT (COUNT(*) AS ?n) { ", "{ SELECT ?a{n} { ?a{n} ?b ?c } }", 12, " }"), STOPPED),
    "many aggregates": (chain("SELECT ", "(COUNT(DISTINCT CONCAT(STR(?s), '{n}')) AS ?c{n})", 200, " { ?s ?p ?o }"), ANY),
    "many graphs": (chain("SELECT * ", "FROM <https://example.org/g{n}>", 1_500, " { ?s ?p ?o }"), ANY),
    # Little text, much data.
    "values product": (chain("SELECT (COUNT(*) AS ?n) { ", f"VALUES ?v{{n}} {{ {HUNDRED} }}", 6, " }"), STOPPED),
    "values product ordered": (chain("SELECT * { ", f"VALUES ?v{{n}} {{ {HUNDRED} }}", 4, " } ORDER BY RAND()"), STOPPED | {413}),
    "values product concatenated": (chain("SELECT (STRLEN(GROUP_CONCAT(STR(?v0))) AS ?n) { ", f"VALUES ?v{{n}} {{ {HUNDRED} }}", 5, " }"), STOPPED),
    "giant values": (chain("SELECT (COUNT(*) AS ?n) { VALUES ?v { ", "{n}", 9_000, " } ?s ?p ?v }"), ANY),
    "giant values joined": (chain("SELECT (COUNT(*) AS ?n) { VALUES ?v { ", "{n}", 9_000, " } ?s ?p ?o . ?t ?q ?r FILTER(?o = ?v && ?r = ?v + 1) }"), STOPPED),
    "giant in": (chain("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o IN (", "{n}", 9_000, ")) }", ", "), ANY),
    "replace doubled": (
        ("SELECT (STRLEN(?d) AS ?n) { BIND('" + "a" * 2_000 + "' AS ?a) BIND(REPLACE(?a, 'a', ?a) AS ?b) BIND(REPLACE(?b, 'a', ?a) AS ?d) }").encode(),
        STOPPED,
    ),
    "concat doubled": (
        chain(f"SELECT (STRLEN(?x16) AS ?n) {{ BIND('{'a' * 200}' AS ?x0) ", "BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{m})", 16, " }"),
        STOPPED,
    ),
    "encode doubled": (chain("SELECT (STRLEN(?x24) AS ?n) { BIND('å%' AS ?x0) ", "BIND(ENCODE_FOR_URI(CONCAT(?x{n}, ?x{n})) AS ?x{m})", 24, " }"), STOPPED),
    # Bytes that are no query.
    "two megabytes": (b"#" * 2_000_000, {413}),
    "too long": (b"ASK {} #" + b"a" * 70_000, {413}),
    "one long name": (b"ASK { ?" + b"a" * 60_000 + b" ?p ?o }", {200}),
    "one long string": (b"ASK { ?s ?p '" + b"\\n" * 30_000 + b"' }", {200}),
    "not UTF-8": (b"ASK { ?s ?p '\xff\xfe' }", {400}),
    "surrogates in UTF-8": (b"ASK { ?s ?p '\xed\xa0\x80' }", {400}),
    "null bytes": (b"ASK { ?s ?p '\0' } \0\0", {400}),
    "only null bytes": (b"\0" * 60_000, {400}),
    "UTF-16": ("ASK { ?s ?p ?o }".encode("utf-16"), {400}),
    "white space": (b" \n\t" * 20_000, {400}),
    "right to left": ("ASK { ?s ?p '\u202e\u2066\ufeff' } # \u202e".encode(), {200}),
    "many comments": (b"#\n" * 30_000 + b"ASK {}", {200}),
    "quotes without end": (b"ASK { ?s ?p '''" + b"'" * 60_000, {200, 400}),
}

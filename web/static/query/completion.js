// What the editor proposes: variables of the query, prefixes, terms by their name or by what people call them, records of a
// namespace, keywords. Choosing a term declares its prefix when the query does not yet.

const KEYWORDS = (
  "SELECT DISTINCT REDUCED WHERE ASK CONSTRUCT DESCRIBE FROM NAMED PREFIX BASE OPTIONAL UNION MINUS FILTER BIND VALUES GRAPH EXISTS NOT " +
  "GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET AS IN UNDEF COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE " +
  "BOUND IRI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR " +
  "MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI " +
  "ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE TRUE FALSE"
).split(" ");
const MOST = 60;

/** The prefixes that a query declares. */
export function declared(text) {
  return Object.fromEntries([...text.matchAll(/\bPREFIX\s+([\p{L}][\p{L}\p{N}_-]*)?:\s*<([^<>\s]*)>/giu)].map((match) => [match[1] ?? "", match[2]]));
}

/** Whether the end of a line is within a text, a comment or an IRI, where nothing is proposed. */
function isInside(line) {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|<[^<>\s]*>/g, "");
  return /["'#]/.test(bare) || /<[^<>\s]+$/.test(bare);
}

function foldedStart(text, typed) {
  return text.toLocaleLowerCase().split(/[\s(-]+/).some((word) => word.startsWith(typed));
}

/** Inserts a prefixed name, and the declaration of its prefix before everything else when it is lacking. */
function inserting(name, namespace) {
  const prefix = name.split(":")[0];
  return (view, _, from, to) => {
    const declares = namespace && !(prefix in declared(view.state.doc.toString())) ? `PREFIX ${prefix}: <${namespace}>\n` : "";
    view.dispatch({
      changes: [...(declares ? [{ from: 0, insert: declares }] : []), { from, to, insert: name }],
      selection: { anchor: from + declares.length + name.length },
      userEvent: "input.complete",
      scrollIntoView: true,
    });
  };
}

/** The function that the editor asks; `kinds` are the page's words for kinds of term. */
export function completer(names, kinds) {
  const { prefixes, terms, folders, base } = names.terms;
  const records = new Map();

  function option(term, name = term.name) {
    return {
      label: name,
      detail: [term.label?.value, kinds[term.kind]].filter(Boolean).join(" · "),
      info: term.definition?.value,
      apply: inserting(name, prefixes[name.split(":")[0]]),
    };
  }

  async function recordsOf(namespace) {
    const folder = namespace.startsWith(base) ? namespace.slice(base.length).replace(/\/$/, "") : "";
    if (!(folder in folders)) return [];
    if (!records.has(namespace)) records.set(namespace, names.below(namespace).catch(() => []));
    return records.get(namespace);
  }

  async function prefixed(match, text) {
    const [prefix, typed] = match.text.split(/:(.*)/s);
    const namespace = declared(text)[prefix] ?? prefixes[prefix];
    if (!namespace) return null;
    const wanted = typed.toLocaleLowerCase();
    const found = terms.filter((term) => term.iri.startsWith(namespace)).map((term) => ({ term, local: term.iri.slice(namespace.length) }));
    for (const [iri, label] of await recordsOf(namespace)) found.push({ term: { iri, label, kind: "record" }, local: iri.slice(namespace.length) });
    const named = ({ local }) => local.toLocaleLowerCase().startsWith(wanted);
    const fitting = found.filter((one) => !one.local.includes("/") && (named(one) || foldedStart(one.term.label?.value ?? "", wanted)));
    fitting.sort((one, other) => named(other) - named(one));
    return { from: match.from, filter: false, options: fitting.slice(0, MOST).map(({ term, local }) => option(term, `${prefix}:${local}`)) };
  }

  function words(match) {
    const wanted = match.text.toLocaleLowerCase();
    const keywords = KEYWORDS.filter((word) => word.toLowerCase().startsWith(wanted)).map((label) => ({ label }));
    const spaces = Object.keys(prefixes).filter((name) => name.startsWith(wanted)).map((name) => ({ label: `${name}:`, detail: prefixes[name], apply: inserting(`${name}:`, prefixes[name]) }));
    const local = (term) => term.name.slice(term.name.indexOf(":") + 1).toLocaleLowerCase().startsWith(wanted);
    const byName = terms.filter(local);
    const byLabel = terms.filter((term) => !local(term) && foldedStart(term.label?.value ?? "", wanted));
    return { from: match.from, filter: false, options: [...keywords, ...spaces, ...[...byName, ...byLabel].map((term) => option(term))].slice(0, MOST) };
  }

  return async function complete(context) {
    const line = context.state.doc.lineAt(context.pos);
    if (isInside(line.text.slice(0, context.pos - line.from))) return null;
    const text = context.state.doc.toString();
    const variable = context.matchBefore(/[?$][\p{L}\p{N}_]*/u);
    if (variable) {
      const others = text.slice(0, variable.from) + text.slice(context.pos);
      const found = new Set([...others.matchAll(/[?$]([\p{L}\p{N}_]+)/gu)].map((match) => variable.text[0] + match[1]));
      return { from: variable.from, filter: false, options: [...found].filter((name) => name.startsWith(variable.text)).map((label) => ({ label })) };
    }
    const name = context.matchBefore(/[\p{L}][\p{L}\p{N}_-]*:[\p{L}\p{N}_-]*/u);
    if (name) return prefixed(name, text);
    const word = context.matchBefore(/[\p{L}][\p{L}\p{N}_-]*/u) ?? (context.explicit ? { from: context.pos, text: "" } : null);
    return word && (context.explicit || word.text.length > 1) ? words(word) : null;
  };
}

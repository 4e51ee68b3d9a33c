// The rows of an answer as a table, a page of them at a time.
import { button, element, said } from "./elements.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt"].map((name) => XSD + name));
export const ROWS_AT_ONCE = 100;

/** The number that a term is; null for all others. */
export function numberOf(term) {
  const number = term?.type === "literal" && NUMBERS.has(term.datatype) ? Number(term.value) : NaN;
  return Number.isFinite(number) ? number : null;
}

/** A term in one line, as SPARQL writes it. */
export function asText(term) {
  if (term.type === "uri") return `<${term.value}>`;
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple") return `<<( ${["subject", "predicate", "object"].map((part) => asText(term.value[part])).join(" ")} )>>`;
  return JSON.stringify(term.value);
}

/** Whether a browser may open it: an encrypted address without a name or password in it. */
function isSafe(iri) {
  const found = URL.canParse(iri) ? new URL(iri) : null;
  return found !== null && found.protocol === "https:" && !found.username && !found.password;
}

/** A text in its own language, which is told where it is not the page's. */
export function inLanguage({ value, language }, own) {
  return language && language !== own ? element("span", { lang: language }, value) : value;
}

/** The language or datatype of a literal, as it is shown beside its value; empty for a plain text. */
function markOf(term) {
  return term.type === "literal" ? (term["xml:lang"] ?? (term.datatype ?? "").replace(XSD, "")) : "";
}

/** What all values of a column have in common, so that it need be said only once; empty when they differ. */
function commonMark(rows, column) {
  const marks = new Set(rows.filter((row) => row[column]).map((row) => markOf(row[column])));
  return marks.size === 1 ? [...marks][0] : "";
}

function cell(term, names, common) {
  if (!term) return [];
  if (term.type === "uri") {
    const short = names.compact(term.value);
    const path = names.path(term.value);
    if (path) {
      const label = names.label(term.value);
      const link = element("a", { href: path }, label ? inLanguage(label, names.language) : (short ?? term.value));
      return label ? [link, " ", element("code", { class: "quiet" }, short ?? term.value)] : [link];
    }
    const shown = short ?? term.value;
    return [isSafe(term.value) ? element("a", { href: term.value, rel: "external noopener nofollow" }, shown) : shown];
  }
  if (term.type !== "literal") return [asText(term)];
  const language = term["xml:lang"] ?? "";
  const mark = markOf(term) === common ? "" : markOf(term);
  const text = inLanguage({ value: term.value, language }, names.language);
  return mark ? [text, " ", element("span", { class: "quiet small" }, mark)] : [text];
}

/** Fills `place` with the rows from one on; the names of what they show are fetched first. */
export async function showTable(place, answer, names, words) {
  const { columns, rows } = answer;
  const numeric = columns.map((column) => rows.some((row) => row[column]) && rows.every((row) => !row[column] || numberOf(row[column]) !== null));
  const marks = columns.map((column) => commonMark(rows, column));
  const total = element("p");
  if (!rows.length) {
    place.replaceChildren(element("p", {}, words.nothing));
    return;
  }
  const head = element("tr", {}, ...columns.map((column, at) => element("th", { scope: "col", class: numeric[at] && "count" }, column, ...(marks[at] ? [" ", element("span", { class: "quiet small" }, marks[at])] : []))));
  const body = element("tbody");
  const table = element("table", { class: "plain rows" }, element("thead", {}, head), body);
  const region = element("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-labelledby": "answered" }, table);

  async function show(from) {
    const shown = rows.slice(from, from + ROWS_AT_ONCE);
    await names.learn(shown.flatMap((row) => columns.map((column) => row[column])).filter((term) => term?.type === "uri").map((term) => term.value));
    body.replaceChildren(...shown.map((row) => element("tr", {}, ...columns.map((column, at) => element("td", { class: numeric[at] && "count" }, ...cell(row[column], names, marks[at]))))));
    total.textContent = rows.length <= ROWS_AT_ONCE ? `${words.rows}: ${rows.length}` : said(words.rowsOf, { from: from + 1, to: from + shown.length, all: rows.length });
    region.scrollTop = 0;
    previous.disabled = from === 0;
    next.disabled = from + ROWS_AT_ONCE >= rows.length;
    first = from;
  }

  let first = 0;
  total.setAttribute("role", "status");
  const previous = button(words.previous, () => show(first - ROWS_AT_ONCE), { class: "slight" });
  const next = button(words.next, () => show(first + ROWS_AT_ONCE), { class: "slight" });
  await show(0);
  place.replaceChildren(total, region, ...(rows.length > ROWS_AT_ONCE ? [element("p", { class: "row" }, previous, " ", next)] : []));
}

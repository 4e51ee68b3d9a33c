// Running a query. This is the only module of the page that knows where answers come from: here the endpoint over HTTP.
// Another one with the same exports can take its place.

const ENDPOINT = "/sparql";
const WANTED = "application/sparql-results+json, text/turtle";
const LONGEST_ADDRESS = 15_000;

/** Why a query was not answered; `code` is one of the page's words for faults, `line` and `column` (from 1) are 0 where unknown; `language` is that of the detail. */
export class Fault extends Error {
  constructor(code, detail = "", line = 0, column = 0, language = "en") {
    super(detail);
    Object.assign(this, { code, line, column, language });
  }
}

/**
 * Answers a query: {kind: "table", columns, rows: [{column: term}]}, {kind: "truth", value} or {kind: "text", text}.
 * Terms are those of SPARQL 1.1 Query Results JSON. Throws a Fault; an AbortError when `signal` ends it.
 */
export async function ask(query, signal) {
  let answer;
  try {
    const headers = { "Content-Type": "application/sparql-query", Accept: WANTED, "Accept-Language": document.documentElement.lang };
    answer = await fetch(ENDPOINT, { method: "POST", headers, body: query, signal });
    if (!answer.ok) throw await faultOf(answer);
    if (!answer.headers.get("Content-Type").includes("json")) return { kind: "text", text: await answer.text() };
    const found = await answer.json();
    return "boolean" in found ? { kind: "truth", value: found.boolean } : { kind: "table", columns: found.head.vars, rows: found.results.bindings };
  } catch (error) {
    if (error instanceof TypeError) throw new Fault("unreachable");
    throw error;
  }
}

async function faultOf(answer) {
  const { code, detail, line, column } = await answer.json().catch(() => ({}));
  return new Fault(code, detail, line, column, answer.headers.get("Content-Language") ?? "en");
}

/** The address of the endpoint, for programs. */
export function endpoint() {
  return new URL(ENDPOINT, location.href).href;
}

/** The address of the whole answer in a format; null when the query is too long for an address. */
export function download(query, format) {
  const address = `${ENDPOINT}?${new URLSearchParams({ query, format })}`;
  return address.length > LONGEST_ADDRESS ? null : address;
}

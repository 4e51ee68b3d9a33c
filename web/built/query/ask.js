// Running a query on the static site: in the browser, by Oxigraph, on the dump that lies beside the pages. It takes the place of the module
// that asks the endpoint. A worker does the work, so that the page stays free and a query can be stopped.

const FORMATS = { table: ["csv", "json"], graph: ["turtle", "n-triples"] };

let worker = null;
let number = 0;
const waiting = new Map();
const files = new Map();

/** Why a query was not answered; `code` is one of the page's words for faults, `line` and `column` (from 1) are 0 where unknown. */
export class Fault extends Error {
  constructor(code, detail = "", line = 0, column = 0) {
    super(detail);
    Object.assign(this, { code, line, column, language: "en" });
  }
}

function end(fault) {
  worker?.terminate();
  worker = null;
  for (const { reject } of waiting.values()) reject(fault);
  waiting.clear();
}

function engine() {
  if (worker) return worker;
  worker = new Worker(new URL("engine.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    const asked = waiting.get(data.number);
    waiting.delete(data.number);
    if (data.fault) asked?.reject(new Fault(data.fault.code, data.fault.detail, data.fault.line, data.fault.column));
    else asked?.resolve(data);
  });
  worker.addEventListener("error", () => end(new Fault("unreachable")));
  return worker;
}

/**
 * Answers a query: {kind: "table", columns, rows: [{column: term}]}, {kind: "truth", value} or {kind: "text", text}.
 * Terms are those of SPARQL 1.1 Query Results JSON. Throws a Fault; an AbortError when `signal` ends it.
 */
export async function ask(query, signal) {
  const own = ++number;
  // Nothing else ends a query that has begun; the next one begins with a fresh engine.
  const stop = () => end(signal.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  try {
    const { answer, written } = await new Promise((resolve, reject) => {
      waiting.set(own, { resolve, reject });
      engine().postMessage({ number: own, query, formats: signal ? FORMATS : { table: [], graph: [] } });
    });
    if (signal) keep(query, written);
    return answer;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Has the files of the latest answer ready, and lets those before it go. */
function keep(query, written) {
  for (const address of files.values()) URL.revokeObjectURL(address);
  files.clear();
  for (const [format, [text, type]] of Object.entries(written)) files.set(`${format} ${query}`, URL.createObjectURL(new Blob([text], { type })));
}

/** The address of the endpoint, for programs: there is none. */
export function endpoint() {
  return null;
}

/** The address of the whole answer in a format; null when it is not at hand. */
export function download(query, format) {
  return files.get(`${format} ${query}`) ?? null;
}

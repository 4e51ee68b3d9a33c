// The worker of the static site's page of queries: fetches the dump once, and answers from it.
import init, { Store } from "./oxigraph/web.js";

const DUMP = new URL("../../data/latest/registry.nt.gz", import.meta.url);
const TABLE = { csv: "text/csv", json: "application/sparql-results+json" };
const GRAPH = { turtle: "text/turtle", "n-triples": "application/n-triples" };
const PLACE = /error at (\d+):(\d+)/;
const SERVICE = /^The service </;
const NO_TABLE = /^Not supported RDF format/;

let opened = null;

/** The dump as a store. A host may have sent it unpacked already, so its first bytes decide. */
async function open() {
  await init({ module_or_path: new URL("oxigraph/web_bg.wasm", import.meta.url) });
  const answer = await fetch(DUMP);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = packed ? await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text() : new TextDecoder().decode(bytes);
  const store = new Store();
  store.load(text, { format: "application/n-triples" });
  return store;
}

function answerOf(told) {
  const { boolean, head, results } = JSON.parse(told);
  return boolean === undefined ? { kind: "table", columns: head.vars, rows: results.bindings } : { kind: "truth", value: boolean };
}

/** The answer, and the same in the formats that are wanted, as [text, media type]. */
function work(store, query, formats) {
  const write = (types) => (format) => [format, [store.query(query, { results_format: types[format] }), types[format]]];
  let told;
  try {
    told = store.query(query, { results_format: TABLE.json });
  } catch (error) {
    // The engine itself says that a query gives triples: it cannot write them as a table.
    if (!NO_TABLE.test(error.message)) throw error;
    const text = store.query(query, { results_format: GRAPH.turtle });
    return { answer: { kind: "text", text }, written: Object.fromEntries(formats.graph.map(write(GRAPH))) };
  }
  return { answer: answerOf(told), written: Object.fromEntries(formats.table.map(write(TABLE))) };
}

function faultOf(error) {
  const detail = String(error?.message ?? error);
  const [, line, column] = PLACE.exec(detail) ?? [];
  const code = line ? "syntax" : SERVICE.test(detail) ? "service" : "evaluation";
  return { code, detail, line: Number(line ?? 0), column: Number(column ?? 0) };
}

addEventListener("message", async ({ data: { number, query, formats } }) => {
  let store;
  try {
    store = await (opened ??= open());
  } catch (error) {
    opened = null;
    postMessage({ number, fault: { code: "unreachable", detail: String(error), line: 0, column: 0 } });
    return;
  }
  try {
    postMessage({ number, ...work(store, query, formats) });
  } catch (error) {
    postMessage({ number, fault: faultOf(error) });
  }
});

// The page of queries, with script: an editor in place of the text area, answers without leaving the page. Without script the
// form goes to the server, which gives the same answer as a page.
import { showAnswer } from "./answer.js";
import { ask, download, Fault } from "./ask.js";
import { completer } from "./completion.js";
import { button, element, said } from "./elements.js";
import { Names } from "./names.js";

const LONGEST_LINK = 8_000;
const settings = JSON.parse(document.getElementById("settings").textContent);
const { words } = settings;
const [form, area, host, keys, fault, stop, status, section, shown, explained] = ["ask", "query", "editor", "keys", "fault", "stop", "status", "answer", "shown", "explained"].map((id) =>
  document.getElementById(id),
);
const examples = new Map([...document.querySelectorAll(".examples [data-name]")].map((item) => [item.dataset.name, item]));

let editor = null;
let running = null;

/** What a file beside this page holds, fetched once; null when it cannot be had. */
function file(name) {
  let found = null;
  return () => (found ??= fetch(settings.here + name).then((answer) => (answer.ok ? answer.json() : null), () => null));
}

const outlines = file("map.json");
const terms = file("terms.json");
const names = terms().then((found) => new Names(found, settings.language, ask));

function write(text) {
  area.value = text;
  if (editor && editor.text() !== text) editor.replace(text);
}

/** The address of a question: of a worked example by its name; null when the text is too long for one. */
function linkOf(text) {
  const named = [...examples].find(([, item]) => textOf(item) === text.trim());
  const link = `${settings.here}?${new URLSearchParams(named ? { name: named[0] } : { query: text })}`;
  return link.length > LONGEST_LINK ? null : link;
}

function textOf(example) {
  return example.querySelector("pre").textContent.trim();
}

/** Keeps the address, the links to other languages and the marked example in step with the question. */
function remember(link) {
  if (link && link !== location.pathname + location.search) history.pushState(null, "", link);
  mark();
}

function mark() {
  for (const other of document.querySelectorAll(".languages a")) other.search = location.search;
  const chosen = new URLSearchParams(location.search).get("name");
  for (const [name, item] of examples) {
    const link = item.querySelector("a");
    if (name === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const example = examples.get(chosen);
  explained.replaceChildren(...(example ? [element("h2", {}, example.querySelector("a").textContent), ...[...example.querySelectorAll(":scope > .quiet")].map((one) => element("p", {}, one.textContent))] : []));
}

function showFault(error) {
  const place = error.line ? [element("strong", {}, `${said(words.place, error)}:`), " "] : [];
  const parts = [element("p", {}, ...place, settings.faults[error.code] ?? settings.faults.other)];
  if (error.line) parts.push(element("p", {}, button(words.goToPlace, () => goTo(error), { class: "slight" })));
  if (error.message) parts.push(element("details", {}, element("summary", {}, words.said), element("p", { lang: error.language }, error.message)));
  fault.replaceChildren(...parts);
  fault.hidden = false;
  section.hidden = true;
  if (error.line) editor?.showFault(error.line, error.column);
}

function goTo({ line, column }) {
  if (editor) {
    editor.showFault(line, column);
    editor.focus();
    return;
  }
  const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const at = before + [...(area.value.split("\n")[line - 1] ?? "")].slice(0, column - 1).join("").length;
  area.focus();
  area.setSelectionRange(at, at + 1);
}

async function run() {
  const query = area.value;
  if (!query.trim()) return showFault(new Fault("no-query"));
  running?.abort();
  const own = (running = new AbortController());
  stop.hidden = false;
  status.textContent = words.running;
  const link = linkOf(query);
  remember(link);
  try {
    const answer = await ask(query, own.signal);
    fault.hidden = true;
    editor?.clearFault();
    await showAnswer(shown, query, answer, { names: await names, settings, link, outlines });
    section.hidden = false;
    status.textContent = answer.kind === "table" ? `${words.rows}: ${answer.rows.length}` : words.done;
  } catch (error) {
    if (running !== own) return;
    status.textContent = error.name === "AbortError" ? words.stopped : "";
    if (error instanceof Fault) showFault(error);
    else if (error.name !== "AbortError") throw error;
  } finally {
    if (running === own) {
      running = null;
      stop.hidden = true;
    }
  }
}

function take(example) {
  write(`${textOf(example)}\n`);
  form.scrollIntoView();
  return run();
}

/** The question in the address: an example by its name, or a text. */
function restore() {
  const asked = new URLSearchParams(location.search);
  const example = examples.get(asked.get("name"));
  write(example ? `${textOf(example)}\n` : (asked.get("query") ?? ""));
  mark();
  if (area.value.trim()) run();
  else section.hidden = true;
}

function filter(typed) {
  const wanted = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const item of examples.values()) {
    const text = item.textContent.toLocaleLowerCase();
    item.hidden = !wanted.every((word) => text.includes(word));
    count += !item.hidden;
  }
  for (const group of document.querySelectorAll(".examples .group")) group.hidden = !group.querySelector("li:not([hidden])");
  document.getElementById("filtered").textContent = wanted.length ? said(words.found, { n: count }) : "";
}

async function openEditor() {
  const module = await import("./editor.js");
  const complete = completer(await names, settings.kinds);
  const hadFocus = document.activeElement === area;
  editor = module.openEditor(host, {
    text: area.value,
    label: words.editor,
    hint: keys.textContent,
    phrases: settings.phrases,
    complete,
    onRun: run,
    onChange: (text) => (area.value = text),
  });
  host.hidden = keys.hidden = false;
  area.hidden = true;
  // The form's own check would point at a field that is not seen.
  area.required = false;
  for (const label of area.labels) label.addEventListener("click", () => editor.focus());
  if (hadFocus) editor.focus();
  if (!fault.hidden && fault.dataset.line > 0) editor.showFault(Number(fault.dataset.line), Number(fault.dataset.column));
}

form.addEventListener("submit", (event) => {
  // The buttons for the data alone lead to the endpoint, as they do without script.
  if (event.submitter?.name === "format") {
    event.submitter.formMethod = download(area.value, event.submitter.value) ? "get" : "post";
    return;
  }
  event.preventDefault();
  run();
});
area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
stop.addEventListener("click", () => running?.abort());
for (const item of examples.values()) {
  item.querySelector("a").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    take(item);
  });
}
document.getElementById("filtering").hidden = false;
document.getElementById("filter").addEventListener("input", (event) => filter(event.target.value));
addEventListener("popstate", restore);
openEditor();
// What the server has answered already is made rich; what it could not answer it has said, and is not asked again.
if (fault.hidden && area.value.trim()) run();
// A page that no server made has not looked at the question in its address.
else if (fault.hidden && location.search) restore();

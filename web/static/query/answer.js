// An answer as the page shows it, with what can be done with it: figures, downloads, a permanent link, the request for programs.
import { download, endpoint } from "./ask.js";
import { button, element } from "./elements.js";
import { showFigure } from "./figures.js";
import { requests } from "./requests.js";
import { showTable } from "./table.js";

const MOST_CHARACTERS = 100_000;

/** Fills `place` with the answer to a query; `link` is the permanent address of the question, null when it is too long for one. */
export async function showAnswer(place, query, answer, { names, settings, link, outlines }) {
  const { words } = settings;
  const shown = element("div");
  const figure = element("div", { class: "figure" });
  if (answer.kind === "truth") {
    shown.append(element("p", { class: "answer" }, answer.value ? words.yes : words.no));
  } else if (answer.kind === "text") {
    if (answer.text.length > MOST_CHARACTERS) shown.append(element("p", {}, words.beginning));
    shown.append(element("pre", { tabindex: "0" }, answer.text.slice(0, MOST_CHARACTERS)));
  } else {
    await showTable(shown, answer, names, words);
    await showFigure(figure, answer, names, words, outlines);
  }
  place.replaceChildren(shown, figure, downloads(query, answer.kind, settings), permanent(link, words), programs(query, answer.kind, words));
}

function downloads(query, kind, { formats, words }) {
  const links = Object.entries(formats[kind === "text" ? "graph" : "table"]).flatMap(([format, name]) => {
    const address = download(query, format);
    // A query too long for an address still goes with the form, whose buttons send it whole.
    return address ? [element("a", { href: address, download: `answer.${format}` }, name), ", "] : [];
  });
  return element("p", { class: "downloads", hidden: !links.length }, `${words.download}: `, ...links.slice(0, -1));
}

function permanent(link, words) {
  return element("p", {}, link ? element("a", { href: link, class: "permanent" }, words.permanent) : words.tooLongForLink);
}

function programs(query, kind, words) {
  // Where no endpoint is, there is nothing that a program could ask.
  if (!endpoint()) return "";
  const shown = requests(endpoint(), query, kind).map(([name, text]) => {
    const code = element("pre", { tabindex: "0" }, text);
    const told = element("span", { role: "status", class: "quiet" });
    async function copy() {
      try {
        await navigator.clipboard.writeText(text);
        told.textContent = words.copied;
      } catch {
        // Without leave to write to the clipboard the text is at least marked, ready to be copied by hand.
        getSelection().selectAllChildren(code);
      }
    }
    const copies = button(words.copy, copy, { class: "slight", "aria-label": `${words.copy}: ${name}` });
    return element("div", { class: "program", "data-program": name }, element("h4", {}, name), element("p", { class: "row" }, copies, " ", told), code);
  });
  return element("details", { class: "programs" }, element("summary", {}, words.request), ...shown);
}

// Search on the static site: the names of all records are fetched once and searched here, in the tiers of the server's index
// (src/phkg/views/search_index.py): exact letters, beginnings, folded letters, tails of compounds; typing errors when nothing else fits.
import { element } from "./query/elements.js";

const MOST_HITS = 200;
const MOST_WORDS = 12;
const LONGEST_QUERY = 200;
const [SHORTEST_HEAD, SHORTEST_TAIL, SHORTEST_TYPO, SHORTEST_TWO_TYPOS] = [3, 4, 5, 9];
const [WHOLE_NAME, NAME_BEGINS] = [40, 20];
const [EXACT, BEGINNING, FOLDED, FOLDED_BEGINNING, TAIL, TYPO, TAIL_TYPO] = [12, 9, 7, 6, 4, 2, 1];

/** A text in one form of its letters and without case, accents kept. */
export function written(text) {
  return text.normalize("NFC").toLowerCase();
}

/** A text without case and accents. */
export function fold(text) {
  return text.normalize("NFKD").toLowerCase().normalize("NFKD").replaceAll("ß", "ss").replace(/\p{Mn}/gu, "");
}

/** The words of a text: runs of letters and digits. */
export function wordsOf(text) {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** How many letters must be put in, taken out, changed or swapped with their neighbour to make one word the other; at most `most` + 1. */
export function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return most + 1;
    [before, row] = [row, next];
  }
  return row[other.length];
}

/** What a word of a name is worth for a word of a query; 0 when it does not fit. */
function worth(name, asked, loose) {
  if (name.written === asked.written) return EXACT;
  if (name.written.startsWith(asked.written)) return BEGINNING;
  if (name.folded === asked.folded) return FOLDED;
  if (name.folded.startsWith(asked.folded)) return FOLDED_BEGINNING;
  const { length } = asked.folded;
  const tail = length >= SHORTEST_TAIL ? name.folded.indexOf(asked.folded, SHORTEST_HEAD) : -1;
  if (tail >= 0) return TAIL;
  if (!loose || length < SHORTEST_TYPO || /\p{N}/u.test(asked.folded)) return 0;
  const most = length >= SHORTEST_TWO_TYPOS ? 2 : 1;
  if (distance(name.folded, asked.folded, most) <= most) return TYPO;
  for (let end = length - 1; end <= length + 1; end++) {
    const start = name.folded.length - end;
    if (start >= SHORTEST_HEAD && end >= SHORTEST_TAIL && distance(name.folded.slice(start), asked.folded, 1) <= 1) return TAIL_TYPO;
  }
  return 0;
}

/** The records with all their names, ready to be searched. */
export class Index {
  constructor({ kinds, classes, records }) {
    this.kinds = kinds;
    this.records = records.map(([path, label, language, kind, group, ...others]) => {
      const names = [label, ...others];
      const words = new Map();
      for (const word of names.flatMap((name) => wordsOf(written(name)))) if (!words.has(word)) words.set(word, { written: word, folded: fold(word) });
      return { path, label, language, kind, group: classes[group], names, folded: names.map((name) => wordsOf(fold(name)).join(" ")), words: [...words.values()] };
    });
  }

  /** The records that a query finds, best first, each with its score. */
  search(query) {
    const asked = wordsOf(written(query.slice(0, LONGEST_QUERY))).slice(0, MOST_WORDS).map((word) => ({ written: word, folded: fold(word) }));
    if (!asked.length) return [];
    const strict = this.#run(asked, false);
    return strict.length ? strict : this.#run(asked, true);
  }

  #run(asked, loose) {
    const whole = asked.map((word) => word.folded).join(" ");
    const found = [];
    for (const record of this.records) {
      let score = 0;
      for (const word of asked) {
        const best = record.words.reduce((most, name) => Math.max(most, worth(name, word, loose)), 0);
        if (!best) {
          score = 0;
          break;
        }
        score += best;
      }
      if (!score) continue;
      if (record.folded.includes(whole)) score += WHOLE_NAME;
      if (record.folded.some((name) => name.startsWith(whole))) score += NAME_BEGINS;
      found.push({ record, score });
    }
    // Sorting is stable: of two that fit alike the earlier in the file comes first.
    return found.sort((one, other) => other.score - one.score);
  }
}

/** The name that fits a query best, unless it is the one that is shown anyway. */
function matched(record, query) {
  const asked = wordsOf(query).map(fold);
  const fits = (name, word) => {
    const parts = wordsOf(name);
    if (parts.includes(word)) return 3;
    return parts.some((part) => part.startsWith(word)) ? 2 : Number(name.includes(word));
  };
  const score = (name) => asked.reduce((sum, word) => sum + fits(fold(name), word), 0);
  const best = record.names.reduce((one, other) => (score(other) > score(one) ? other : one));
  return fold(best) === fold(record.label) ? "" : best;
}

function said(value, language, page) {
  return language && language !== page ? element("span", { lang: language }, value) : value;
}

function show(place, index, query, words, page) {
  const found = index.search(query);
  const groups = new Map();
  for (const { record } of found) groups.set(record.kind, [...(groups.get(record.kind) ?? []), record]);
  const told = element("p", { role: "status" }, (found.length === 1 ? words.one : words.many).replace("{n}", found.length).replace("{query}", query));
  const sections = [...groups].map(([kind, records]) => {
    const [title, language] = index.kinds[kind];
    const shown = records.slice(0, MOST_HITS);
    const items = shown.map((record) => {
      const other = matched(record, query);
      return element("li", {}, element("p", {}, element("a", { href: record.path }, said(record.label, record.language, page)), " ", element("span", { class: "tag" }, said(...record.group, page)), ...(other ? [" ", element("span", { class: "quiet" }, other)] : [])));
    });
    const more = records.length - shown.length;
    return element("section", {}, element("h2", {}, element("span", { class: "initial" }, said(title, language, page))), element("ul", { class: "entries" }, ...items), ...(more ? [element("p", {}, words.more.replace("{n}", more))] : []));
  });
  place.replaceChildren(told, ...(found.length ? [] : [element("p", {}, words.none)]), ...sections);
}

/** Searches as the page's form asks, with the words and the names that its settings give. */
function start() {
  const { names, words, language } = JSON.parse(document.getElementById("settings").textContent);
  const [place, field] = ["found", "q"].map((id) => document.getElementById(id));
  let index = null;
  async function search() {
    const query = new URLSearchParams(location.search).get("q") ?? "";
    field.value = query;
    for (const other of document.querySelectorAll(".languages a")) other.search = location.search;
    if (!query.trim()) return place.replaceChildren();
    try {
      index ??= fetch(names).then((answer) => answer.json());
      show(place, new Index(await index), query, words, language);
    } catch {
      index = null;
      place.replaceChildren(element("p", { role: "alert" }, words.unreachable));
    }
  }
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.pushState(null, "", `?${new URLSearchParams({ q: field.value })}`);
    search();
  });
  addEventListener("popstate", search);
  search();
}

if (globalThis.document) start();

// Search on the static site: of an index in small files (phkg.publishing.build_search) those are fetched that a query needs, and searched in the tiers of
// the server's index (src/phkg/views/search_index.py): exact letters, beginnings, stems, folded letters, tails of compounds; typing errors when nothing else fits.
import { element } from "./query/elements.js";

const MOST_HITS = 200;
const MOST_WORDS = 12;
const LONGEST_QUERY = 200;
const [SHORTEST_HEAD, SHORTEST_TAIL, SHORTEST_TYPO, SHORTEST_TWO_TYPOS] = [3, 4, 5, 9];
const [WHOLE_NAME, NAME_BEGINS] = [40, 20];
const [EXACT, BEGINNING, STEM, FOLDED, FOLDED_BEGINNING, TAIL, TYPO, TAIL_TYPO] = [12, 9, 8, 7, 6, 4, 2, 1];
// Letters that stemming takes from most words that it changes.
const LONGEST_ENDING = 4;

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

/** The name of a file by its key, as phkg.publishing.build_search names it. */
export function fileName(key) {
  return [...key].map((letter) => (/[a-z0-9]/.test(letter) ? letter : letter === "." ? "_" : `-${letter.codePointAt(0).toString(16)}`)).join("");
}

/** The keys of the files in which words with a beginning lie; a key with a dot at its end is of one whole word. */
export function keysOf(keys, beginning) {
  return keys.filter((key) => (key.endsWith(".") ? key.slice(0, -1).startsWith(beginning) : key.startsWith(beginning) || beginning.startsWith(key)));
}

/** What a word that no name has could have as its stem in one language, by what stemming takes from the end of words of it. */
function guessed(word, endings) {
  const fitting = endings.filter(([cut]) => word.endsWith(cut) && word.length - cut.length >= SHORTEST_HEAD);
  return [word, ...fitting.map(([cut, put]) => word.slice(0, word.length - cut.length) + put)];
}

/** What a word of a name is worth for a word of a query by its letters; 0 when it does not begin with it. */
function worth(word, folded, asked) {
  if (word === asked.written) return EXACT;
  if (word.startsWith(asked.written)) return BEGINNING;
  if (folded === asked.folded) return FOLDED;
  return folded.startsWith(asked.folded) ? FOLDED_BEGINNING : 0;
}

/** What a word is worth that has a typing error. */
function mistyped(folded, asked) {
  const { length } = asked.folded;
  if (length < SHORTEST_TYPO || /\p{N}/u.test(asked.folded)) return 0;
  const most = length >= SHORTEST_TWO_TYPOS ? 2 : 1;
  if (distance(folded, asked.folded, most) <= most) return TYPO;
  for (let end = length - 1; end <= length + 1; end++) {
    const start = folded.length - end;
    if (start >= SHORTEST_HEAD && end >= SHORTEST_TAIL && distance(folded.slice(start), asked.folded, 1) <= 1) return TAIL_TYPO;
  }
  return 0;
}

/** The records with all their names; `get` fetches a file of the index by its name, and nothing is fetched that a query does not need. */
export class Index {
  constructor(first, get) {
    Object.assign(this, { kinds: first.kinds, classes: first.classes, first, get });
  }

  /** The records that a query finds, best first, at most MOST_HITS, each with the number of its kind; and how many there are of each kind. */
  async search(query) {
    const asked = wordsOf(written(query.slice(0, LONGEST_QUERY))).slice(0, MOST_WORDS).map((word) => ({ written: word, folded: fold(word) }));
    if (!asked.length) return { hits: [], totals: new Map() };
    const strict = await Promise.all(asked.map((word) => this.#strict(word)));
    let found = this.#together(strict);
    if (!found.length) found = this.#together(await Promise.all(asked.map((word, place) => this.#loose(word, strict[place]))));
    const whole = asked.map((word) => word.folded).join(" ");
    const totals = new Map();
    for (const one of found) {
      totals.set(one.kind, (totals.get(one.kind) ?? 0) + 1);
      // A word alone says by itself whether it begins a name; for several the names are looked at below.
      if (asked.length === 1) one.score += (one.whole ? WHOLE_NAME : 0) + (one.begins ? NAME_BEGINS : 0);
    }
    const order = (one, other) => other.score - one.score || one.number - other.number;
    const best = found.sort(order).slice(0, MOST_HITS);
    const hits = await Promise.all(best.map(async (one) => ({ ...one, record: await this.#record(one.number) })));
    if (asked.length > 1) {
      for (const hit of hits) {
        const names = hit.record.names.map((name) => wordsOf(fold(name)).join(" "));
        hit.score += (names.includes(whole) ? WHOLE_NAME : 0) + (names.some((name) => name.startsWith(whole)) ? NAME_BEGINS : 0);
      }
    }
    return { hits: hits.sort(order), totals };
  }

  /** The records that have each of the words, with the sum of what these are worth. */
  #together(each) {
    const [least, ...others] = [...each].sort((one, other) => one.size - other.size);
    return [...least].flatMap(([number, one]) => {
      const more = others.map((records) => records.get(number));
      return more.every(Boolean) ? [{ ...one, number, score: more.reduce((sum, other) => sum + other.score, one.score) }] : [];
    });
  }

  /** The records that have a word as it is asked for: its letters, beginning, stem, or as the tail of a compound. */
  async #strict(asked) {
    const { folded } = asked;
    // A stem is shorter than the word, so that words which share it may lie in a file before that of the word.
    const near = folded.slice(0, Math.max(SHORTEST_HEAD, folded.length - LONGEST_ENDING));
    const [words, tails] = await Promise.all([this.#words(near), folded.length >= SHORTEST_TAIL ? this.#lines("t", keysOf(this.first.tails, folded)) : []]);
    const known = words.find(([word]) => word === asked.written);
    const stems = this.first.endings.map((endings, language) => (known ? [known[1][language] || asked.written] : guessed(asked.written, endings)));
    const found = new Map();
    for (const [word, itsStems, records] of words) {
      const plain = fold(word);
      const byLetters = worth(word, plain, asked);
      const byStem = stems.some((some, language) => some.includes(itsStems[language] || word)) ? STEM : 0;
      const begins = plain.startsWith(folded);
      if (byLetters || byStem) this.#add(found, records, Math.max(byLetters, byStem), begins, plain === folded);
    }
    for (const [word, records] of tails) if (word.includes(folded, SHORTEST_HEAD)) this.#add(found, records, TAIL);
    return found;
  }

  /** As `strict`, and those that have a word with a typing error. */
  async #loose(asked, strict) {
    const found = new Map(strict);
    const near = new Map((await this.get("words")).map((word) => [word, mistyped(word, asked)]).filter(([, score]) => score));
    const keys = new Set([...near.keys()].flatMap((word) => keysOf(this.first.words, word)));
    for (const [word, , records] of await this.#lines("w", [...keys])) {
      const score = near.get(fold(word));
      if (score) this.#add(found, records, score);
    }
    return found;
  }

  #words(beginning) {
    return this.#lines("w", keysOf(this.first.words, beginning));
  }

  async #lines(sign, keys) {
    return (await Promise.all(keys.map((key) => this.get(sign + fileName(key))))).flat();
  }

  async #record(number) {
    const each = this.first.records;
    const [path, label, language, , group, ...others] = (await this.get(`r${Math.floor(number / each)}`))[number % each];
    return { path, label, language, group: this.classes[group], names: [label, ...others] };
  }

  /** Takes records that have a word into what was found: the best of the words of each counts. */
  #add(found, records, score, begins = false, same = false) {
    let number = 0;
    for (const one of records) {
      const place = Math.floor(one / 4);
      number += Math.floor(place / this.kinds.length);
      const before = found.get(number);
      found.set(number, {
        kind: place % this.kinds.length,
        score: Math.max(score, before?.score ?? 0),
        begins: Boolean((begins && one % 4 & 1) || before?.begins),
        whole: Boolean((same && one % 4 & 2) || before?.whole),
      });
    }
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

/** What the page shows of a search. */
async function contents(index, query, words, page) {
  const { hits, totals } = await index.search(query);
  const groups = new Map();
  for (const { kind, record } of hits) groups.set(kind, [...(groups.get(kind) ?? []), record]);
  for (const kind of totals.keys()) if (!groups.has(kind)) groups.set(kind, []);
  const total = [...totals.values()].reduce((sum, one) => sum + one, 0);
  const told = element("p", { role: "status" }, (total === 1 ? words.one : words.many).replace("{n}", total).replace("{query}", query));
  const sections = [...groups].map(([kind, records]) => {
    const [title, language] = index.kinds[kind];
    const items = records.map((record) => {
      const other = matched(record, query);
      return element("li", {}, element("p", {}, element("a", { href: record.path }, said(record.label, record.language, page)), " ", element("span", { class: "tag" }, said(...record.group, page)), ...(other ? [" ", element("span", { class: "quiet" }, other)] : [])));
    });
    const more = totals.get(kind) - records.length;
    return element("section", {}, element("h2", {}, element("span", { class: "initial" }, said(title, language, page))), element("ul", { class: "entries" }, ...items), ...(more ? [element("p", {}, words.more.replace("{n}", more))] : []));
  });
  return [told, ...(total ? [] : [element("p", {}, words.none)]), ...sections];
}

/** Searches as the page's form asks, with the words and the names that its settings give. */
function start() {
  const { names, words, language } = JSON.parse(document.getElementById("settings").textContent);
  const [place, field] = ["found", "q"].map((id) => document.getElementById(id));
  const fetched = new Map();
  async function fetchOne(name) {
    const answer = await fetch(`${names}${name}.json`);
    if (!answer.ok) throw new Error(name);
    return answer.json();
  }
  function get(name) {
    if (!fetched.has(name)) fetched.set(name, fetchOne(name));
    return fetched.get(name);
  }
  let latest = 0;
  async function search() {
    const mine = ++latest;
    const query = new URLSearchParams(location.search).get("q") ?? "";
    field.value = query;
    for (const other of document.querySelectorAll(".languages a")) other.search = location.search;
    if (!query.trim()) return place.replaceChildren();
    try {
      const shown = await contents(new Index(await get("index"), get), query, words, language);
      if (mine === latest) place.replaceChildren(...shown);
    } catch {
      fetched.clear();
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

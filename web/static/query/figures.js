// Which figures the columns of an answer allow, and choosing among them. A figure shows the numbers of the table, never others.
import { bars, line, regionMap } from "./drawings.js";
import { element } from "./elements.js";
import { asText, numberOf } from "./table.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const DATES = new Set(["date", "dateTime", "gYear", "gYearMonth"].map((name) => XSD + name));
const YEARS = [1800, 2200];
const MOST_BARS = 250;

/** When a term is, in days of the calendar; null for what is no date. A whole number in the range of years counts as one. */
function timeOf(term) {
  const number = numberOf(term);
  if (number !== null) return Number.isInteger(number) && number >= YEARS[0] && number <= YEARS[1] ? Date.UTC(number, 0, 1) : null;
  if (term?.type !== "literal" || !DATES.has(term.datatype)) return null;
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(term.value);
  return match && Date.UTC(match[1], (match[2] ?? 1) - 1, match[3] ?? 1);
}

function textOf(term, names) {
  return term.type === "uri" ? (names.label(term.value)?.value ?? names.compact(term.value) ?? term.value) : term.type === "literal" ? term.value : asText(term);
}

/** Rows that have both; null when a row lacks the first or two rows agree in it, for then a figure would say less than the table. */
function paired(rows, key, number) {
  const found = rows.filter((row) => row[number]).map((row) => ({ key: key(row), number: numberOf(row[number]), written: row[number].value }));
  const keys = new Set(found.map((one) => one.key));
  return found.length && !keys.has(null) && keys.size === found.length ? found : null;
}

/**
 * The figures there can be of an answer, as {kind, label, number, points}, the best first: a map where a column has regions, a
 * line where one has times, bars where one has names.
 */
export function figuresOf({ columns, rows }, names) {
  const has = (column, test) => rows.some((row) => row[column]) && rows.every((row) => !row[column] || test(row[column]));
  const numbers = columns.filter((column) => has(column, (term) => numberOf(term) !== null));
  const regions = columns.filter((column) => has(column, (term) => term.type === "uri" && term.value in names.terms.regions));
  const times = columns.filter((column) => has(column, (term) => timeOf(term) !== null));
  const texts = columns.filter((column) => !numbers.includes(column) && !times.includes(column));
  // Names that a query asked for itself come before the IRIs that they name.
  texts.sort((one, other) => has(one, (term) => term.type === "uri") - has(other, (term) => term.type === "uri"));
  const found = [];
  for (const [kind, labels, key] of [
    ["map", regions, (column) => (row) => row[column]?.value ?? null],
    ["line", times, (column) => (row) => (row[column] ? timeOf(row[column]) : null)],
    ["bar", rows.length <= MOST_BARS ? [...texts, ...times] : [], (column) => (row) => (row[column] ? textOf(row[column], names) : null)],
  ]) {
    for (const number of numbers) {
      for (const label of labels) {
        const points = label === number ? null : paired(rows, key(label), number);
        if (!points || (kind === "line" && points.length < 2) || found.some((one) => one.kind === kind && one.number === number)) continue;
        found.push({ kind, label, number, points, written: new Map(rows.filter((row) => row[label]).map((row) => [key(label)(row), row[label].value])) });
      }
    }
  }
  return found;
}

function select(label, values, changed) {
  const made = element("select", {}, ...values.map(([value, text]) => element("option", { value }, text)));
  made.addEventListener("change", () => changed(made.value));
  return [element("label", {}, label, " ", made), made];
}

/** Fills `place` with a figure of the answer and what to choose between; leaves it empty when the columns allow none. */
export async function showFigure(place, answer, names, words, outlines) {
  place.replaceChildren();
  if (answer.rows.length <= MOST_BARS) await names.learn(answer.rows.flatMap((row) => Object.values(row)).filter((term) => term.type === "uri").map((term) => term.value));
  const figures = figuresOf(answer, names);
  if (!figures.length) return;
  const drawing = element("div", { class: "drawing" });
  let kind = figures[0].kind;

  async function draw(number) {
    const figure = figures.find((one) => one.kind === kind && one.number === number);
    if (kind === "map") drawing.replaceChildren(...regionMap(figure, await outlines(), names, words));
    else drawing.replaceChildren(kind === "line" ? line(figure, words) : bars(figure));
  }

  const kinds = [...new Set(figures.map((one) => one.kind))];
  const numbersOf = (kind) => figures.filter((one) => one.kind === kind).map((one) => [one.number, one.number]);
  const [numberLabel, numberChoice] = select(words.numbers, numbersOf(kind), draw);
  const [kindLabel] = select(words.showAs, kinds.map((one) => [one, words[one]]), (chosen) => {
    kind = chosen;
    numberChoice.replaceChildren(...numbersOf(kind).map(([value, text]) => element("option", { value }, text)));
    draw(numberChoice.value);
  });
  await draw(numberChoice.value);
  place.append(element("h3", {}, words.figure), element("p", { class: "narrow" }, kindLabel, " ", numberLabel), drawing);
}

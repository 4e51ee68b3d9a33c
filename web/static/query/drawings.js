// Bars, a line, a map of the regions. Colours and type come from the style sheet; numbers stand as the answer has them.
import { drawn, element, said } from "./elements.js";

const WIDTH = 640;
const HEIGHT = 300;
const EDGE = { left: 70, right: 20, top: 24, bottom: 34 };
const STEPS = 4;
const FEW = 30;

/** Bars from zero, a name and a number beside each; the bars themselves are hidden from screen readers, which have both. */
export function bars({ number, points }) {
  const least = Math.min(0, ...points.map((point) => point.number));
  const most = Math.max(0, ...points.map((point) => point.number));
  const share = (part) => `${(100 * part) / (most - least || 1)}%`;
  const list = element(
    "ol",
    { class: "bars" },
    ...points.map((point) =>
      element(
        "li",
        {},
        element("span", { class: "name" }, point.key),
        drawn(
          "svg",
          { class: "bar", "aria-hidden": "true", focusable: "false" },
          drawn("rect", { class: "bar-fill", x: share(Math.min(0, point.number) - least), width: share(Math.abs(point.number)), height: "100%" }),
        ),
        element("span", { class: "number" }, point.written),
      ),
    ),
  );
  return points.length > FEW ? element("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": number }, list) : list;
}

/** Round steps between two numbers. */
function steps(least, most) {
  const rough = (most - least) / STEPS || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const found = [];
  for (let at = Math.floor(least / step) * step; at < most + step; at += step) found.push(Number(at.toPrecision(12)));
  return found;
}

/** A line over time with a dot and a number at each point; zero is always in the picture. */
export function line({ label, number, points, written }, words) {
  const sorted = points.toSorted((one, other) => one.key - other.key);
  const ticks = steps(Math.min(0, ...sorted.map((point) => point.number)), Math.max(0, ...sorted.map((point) => point.number)));
  const [low, high] = [ticks[0], ticks.at(-1)];
  const [from, to] = [sorted[0].key, sorted.at(-1).key];
  const x = (key) => EDGE.left + ((WIDTH - EDGE.left - EDGE.right) * (key - from)) / (to - from);
  const y = (one) => HEIGHT - EDGE.bottom - ((HEIGHT - EDGE.top - EDGE.bottom) * (one - low)) / (high - low);
  const path = sorted.map((point, at) => `${at ? "L" : "M"}${x(point.key).toFixed(1)} ${y(point.number).toFixed(1)}`).join("");
  const every = Math.ceil(sorted.length / 8);
  const marks = sorted.flatMap((point, at) => [
    drawn("circle", { class: "dot", cx: x(point.key), cy: y(point.number), r: 4 }, drawn("title", {}, `${written.get(point.key)}: ${point.written}`)),
    ...(at % every && at !== sorted.length - 1
      ? []
      : [
          drawn("text", { x: x(point.key), y: HEIGHT - 12, "text-anchor": "middle" }, written.get(point.key)),
          drawn("text", { class: "value", x: x(point.key), y: y(point.number) - 9, "text-anchor": "middle" }, point.written),
        ]),
  ]);
  const axis = ticks.flatMap((tick) => [
    drawn("path", { class: "grid", d: `M${EDGE.left} ${y(tick)}H${WIDTH - EDGE.right}` }),
    drawn("text", { x: EDGE.left - 8, y: y(tick) + 4, "text-anchor": "end" }, String(tick)),
  ]);
  const name = said(words.lineOf, { column: number, time: label });
  const picture = drawn("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": name }, ...axis, drawn("path", { class: "curve", d: path }), ...marks);
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }, picture);
}

/** The step of a number on the map: as many regions in each, as far as equal numbers stay together; one number alone is the darkest. */
function levelOf(number, numbers) {
  const below = numbers.filter((one) => one < number).length;
  return numbers.every((one) => one === number) ? STEPS : Math.floor((below * (STEPS + 1)) / numbers.length);
}

/** The map of the regions in five steps of one colour, what has no number hatched, and a list that says which step is what. */
export function regionMap({ number, points }, outlines, names, words) {
  const found = new Map(points.map((point) => [point.key, point]));
  const numbers = points.map((point) => point.number);
  const shapes = Object.entries(names.terms.regions).flatMap(([iri, name]) => {
    const outline = outlines.regions?.[outlines.outlines[iri]];
    if (!outline) return [];
    const point = found.get(iri);
    const level = point ? `level-${levelOf(point.number, numbers)}` : "silent";
    return [drawn("path", { class: level, d: outline.d, "data-region": iri }, drawn("title", {}, `${name}: ${point?.written ?? words.noNumber}`))];
  });
  const name = said(words.mapOf, { column: number });
  const picture = drawn("svg", { class: "map", viewBox: outlines.view_box?.join(" ") ?? "0 0 1 1", role: "img", "aria-label": name }, ...shapes);
  const legend = [...Array(STEPS + 1).keys()].flatMap((level) => {
    const inside = points.filter((point) => levelOf(point.number, numbers) === level).sort((one, other) => one.number - other.number);
    if (!inside.length) return [];
    const range = inside[0].written === inside.at(-1).written ? inside[0].written : `${inside[0].written} – ${inside.at(-1).written}`;
    return [element("li", {}, element("span", { class: `mark level-${level}` }), " ", range, " ", element("span", { class: "quiet" }, inside.map((point) => names.terms.regions[point.key]).join(", ")))];
  });
  const without = Object.keys(names.terms.regions).filter((iri) => !found.has(iri));
  if (without.length) {
    legend.push(element("li", {}, element("span", { class: "mark silent" }), " ", words.noNumber, " ", element("span", { class: "quiet" }, without.map((iri) => names.terms.regions[iri]).join(", "))));
  }
  return [element("div", { class: "beside" }, picture, element("ul", { class: "steps", "aria-label": number }, ...legend))];
}

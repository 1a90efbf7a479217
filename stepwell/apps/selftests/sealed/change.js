// Change over time: for each scale a chart of nodes and the same as a table.

const chart = { width: 480, height: 250, left: 52, right: 462, top: 16, bottom: 204 };
const svgNames = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...inside) {
  const isDrawn = ["svg", "rect", "line", "circle", "polyline", "text"].includes(tag);
  const node = isDrawn ? document.createElementNS(svgNames, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...inside);
  return node;
}

function dayForReading(day) {
  const [year, month, date] = day.split("-").map(Number);
  const how = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString("en-GB", how);
}

// --- one scale --------------------------------------------------------------------------

// Returns nodes; `scale` joins what scoring_data.py and own_file.py say about it.
function changeOf(scale, results) {
  const known = results
    .filter((result) => Object.hasOwn(result.points, scale.id))
    .map((result) => ({ day: result.day, points: result.points[scale.id] }));
  if (!known.length) return [make("p", {}, "No score here in any of the results.")];
  return [drawing(scale, known), corridorWords(scale, known[0]), changeTable(scale, known)];
}

function corridorWords(scale, first) {
  if (scale.change === null) {
    const words = "No figure was found for how large a change must be to be more than chance.";
    return make("p", { class: "small" }, words);
  }
  const from = first.points.toFixed(scale.digits);
  const words = make(
    "p",
    { class: "small" },
    `The shaded corridor lies ${scale.change} points around the first score, ${from}. A smaller ` +
      "change can be chance. Outside the corridor, or on its edge, a change is often taken as " +
      "more than chance. What it comes from, it cannot tell.",
  );
  if (scale.change_is_recalled) {
    const mark = "The figure is not yet checked against its source.";
    words.append(" ", make("span", { class: "unsure" }, mark));
  }
  return words;
}

function differenceWords(scale, first, points) {
  const difference = points - first;
  const size = Math.abs(difference).toFixed(scale.digits);
  if (Number(size) === 0) return "the same";
  return `${size} ${difference > 0 ? "more" : "fewer"}`;
}

// Scores have at most four decimal places: the smallest part of a point keeps sums exact.
const isMoreThanChance = (scale, first, points) =>
  Math.round(Math.abs(points - first) * 10000) >= Math.round(scale.change * 10000);

function changeTable(scale, known) {
  const heads = ["Day", "Score", "Beside the first"];
  if (scale.change !== null) heads.push("More than chance?");
  const row = ({ day, points }, place) => {
    const first = known[0].points;
    const cells = [points.toFixed(scale.digits)];
    cells.push(place ? differenceWords(scale, first, points) : "the first");
    const answer = isMoreThanChance(scale, first, points) ? "often taken so" : "can be chance";
    if (scale.change !== null) cells.push(place ? answer : "–");
    const head = make("th", { scope: "row" }, dayForReading(day));
    return make("tr", {}, head, ...cells.map((cell) => make("td", {}, cell)));
  };
  const head = make("tr", {}, ...heads.map((words) => make("th", { scope: "col" }, words)));
  return make(
    "table",
    { class: "change__table" },
    make("caption", {}, `${scale.name}: every score in the file`),
    make("thead", {}, head),
    make("tbody", {}, ...known.map(row)),
  );
}

// --- its chart --------------------------------------------------------------------------

function drawing(scale, known) {
  const { left, right, top, bottom, width, height } = chart;
  const dates = known.map(({ day }) => Date.parse(`${day}T00:00:00Z`));
  const [start, end] = [dates[0], dates.at(-1)];
  const share = (date) => (start === end ? 0.5 : (date - start) / (end - start));
  const x = (date) => left + 12 + share(date) * (right - left - 24);
  const part = (points) => (points - scale.lowest) / (scale.highest - scale.lowest);
  const y = (points) => bottom - part(points) * (bottom - top);
  const first = known[0].points;
  const places = known.map(({ points }, place) => [x(dates[place]), y(points)]);
  const lines = [axis(left, top, left, bottom), axis(left, bottom, right, bottom)];
  if (scale.change !== null) lines.unshift(corridor(scale, first, y));
  return make(
    "svg",
    {
      class: "change__chart",
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `${scale.name} by day. The table below holds the same.`,
    },
    ...lines,
    ...[scale.lowest, scale.highest].map((points) => label(left - 8, y(points) + 6, "end", points)),
    ...dayLabels(known, x, dates),
    make("polyline", { class: "change__line", points: places.join(" ") }),
    ...places.map(([cx, cy]) => make("circle", { class: "change__point", cx, cy, r: 7 })),
  );
}

function corridor(scale, first, y) {
  const low = y(Math.max(scale.lowest, first - scale.change));
  const high = y(Math.min(scale.highest, first + scale.change));
  const { left, right } = chart;
  const area = { x: left, y: high, width: right - left, height: low - high };
  return make("rect", { class: "change__corridor", ...area });
}

const axis = (x1, y1, x2, y2) => make("line", { class: "change__axis", x1, y1, x2, y2 });
const label = (x, y, anchor, words) => make("text", { x, y, "text-anchor": anchor }, String(words));

function dayLabels(known, x, dates) {
  const below = chart.bottom + 26;
  const [first, last] = [known[0].day, known.at(-1).day];
  if (first === last) return [label(x(dates[0]), below, "middle", dayForReading(first))];
  return [
    label(chart.left, below, "start", dayForReading(first)),
    label(chart.right, below, "end", dayForReading(last)),
  ];
}

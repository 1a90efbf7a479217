// The published arithmetic, from the same data as the Python scorer (domain/scoring.py), whose
// twin this is. Pure: nothing here touches the page. `answers` maps item ids to the values of
// the chosen answers, or to "n/a". Exact: numbers are fractions [numerator, denominator] of
// whole numbers, rounded once, at the end.

const given = (answers, id) => Object.hasOwn(answers, id);
const applies = (answers, id) => !given(answers, id) || answers[id] !== "n/a";

function fraction(top, bottom) {
  let [a, b] = [Math.abs(top), Math.abs(bottom)];
  while (b) [a, b] = [b, a % b];
  const shared = (bottom < 0 ? -1 : 1) * (a || 1);
  return [top / shared, bottom / shared];
}

function rounded([top, bottom], digits) {
  return Math.floor((2 * top * 10 ** digits + bottom) / (2 * bottom)) / 10 ** digits;
}

function calls(alert, answer) {
  if (typeof answer !== "number") return false;
  return alert.at_least === null ? answer <= alert.at_most : answer >= alert.at_least;
}

function alertsOf(instrument, answers) {
  const called = instrument.alerts.filter((alert) => calls(alert, answers[alert.item]));
  return [...new Set(called.map((alert) => alert.kind))];
}

// The items left out that the form asks for: after a first question that ends it, none.
function gapsOf(instrument, answers) {
  const gate = instrument.gate;
  if (gate && answers[gate.item] === gate.stops_at) return [];
  return instrument.items
    .filter((item) => (item.scored || (gate && gate.item === item.id)) && !given(answers, item.id))
    .map((item) => item.id);
}

function impossibleOf(instrument, answers) {
  return instrument.items
    .filter((item) => given(answers, item.id) && !item.values.includes(answers[item.id]))
    .filter((item) => !(item.may_not_apply && answers[item.id] === "n/a"))
    .map((item) => item.id);
}

function afterGate(instrument, answers) {
  const gate = instrument.gate;
  if (!gate || answers[gate.item] !== gate.stops_at) return answers;
  const scored = instrument.items.filter((item) => item.scored);
  return { ...answers, ...Object.fromEntries(scored.map((item) => [item.id, gate.counts_as])) };
}

function itemPoints(instrument, scale, id, value) {
  if (given(scale.recoded, id)) return instrument.recodes[scale.recoded[id]][value];
  if (!scale.reversed.includes(id)) return value;
  const { values } = instrument.items.find((item) => item.id === id);
  return Math.min(...values) + Math.max(...values) - value;
}

function ofItems(instrument, scale, answers) {
  const asked = scale.items.filter((id) => applies(answers, id));
  const answered = asked.filter((id) => given(answers, id));
  const complete = answered.length === asked.length && asked.length > 0;
  if (!complete && (scale.at_least === null || answered.length < scale.at_least)) {
    return { kind: "missing", items: asked.filter((id) => !given(answers, id)) };
  }
  const add = (sum, id) => sum + itemPoints(instrument, scale, id, answers[id]);
  const total = answered.reduce(add, 0);
  const counted = scale.rule === "zero" ? asked.length : answered.length;
  return fraction(scale.method === "mean" ? total : total * asked.length, counted);
}

function ofParts(scale, parts) {
  const failed = parts.find((part) => !Array.isArray(part));
  if (failed) return failed;
  const add = ([a, b], [c, d]) => fraction(a * d + c * b, b * d);
  const [top, bottom] = parts.reduce(add, [0, 1]);
  return scale.method === "mean" ? fraction(top, bottom * parts.length) : [top, bottom];
}

function transformed(line, [top, bottom]) {
  if (!line) return [top, bottom];
  const [low, high] = line.from;
  const [newLow, newHigh] = line.to;
  const way = high - low;
  return fraction(newLow * bottom * way + (top - low * bottom) * (newHigh - newLow), bottom * way);
}

// Returns a fraction, or why there is none: {kind, items}.
function measure(instrument, scale, answers, measured) {
  const gate = instrument.gate;
  if (gate && !given(answers, gate.item)) return { kind: "missing", items: [gate.item] };
  const found = scale.parts.length
    ? ofParts(scale, scale.parts.map((part) => measured.get(part)))
    : ofItems(instrument, scale, answers);
  return Array.isArray(found) ? transformed(scale.transform, found) : found;
}

function standardScore(standard, points, digits) {
  if (standard.table.length) return standard.table.find(([raw]) => raw === points)[1];
  const step = 10 ** digits;
  const [mean, meanOf] = standard.mean;
  const [sd, sdOf] = standard.sd;
  const units = Math.round(points * step);
  const [top, bottom] = fraction((units * meanOf - mean * step) * sdOf, step * meanOf * sd);
  const { centre, spread } = standard;
  return rounded(fraction(centre * bottom + spread * top, bottom), standard.digits);
}

function published(scale, found) {
  const result = { scale: scale.id, points: null, bands: {}, standard_scores: {}, reason: null };
  if (!Array.isArray(found)) return { ...result, reason: found };
  const points = rounded(found, scale.digits);
  for (const { id, ranges } of scale.bands) {
    const band = ranges.find((one) => one.lowest <= points && points <= one.highest);
    if (band) result.bands[id] = band.id;
  }
  for (const one of scale.standard_scores) {
    result.standard_scores[one.id] = standardScore(one, points, scale.digits);
  }
  return { ...result, points };
}

// Returns {scales, alerts}; a scale that cannot be scored has points null and a reason.
function scoreResponse(instrument, answers) {
  const wrong = impossibleOf(instrument, answers);
  const known = afterGate(instrument, answers);
  const measured = new Map();
  for (const scale of instrument.scales) {
    const found = wrong.length
      ? { kind: "impossible", items: wrong }
      : measure(instrument, scale, known, measured);
    measured.set(scale.id, found);
  }
  const scales = instrument.scales.map((scale) => published(scale, measured.get(scale.id)));
  return { scales, alerts: alertsOf(instrument, answers) };
}

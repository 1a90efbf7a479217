// A person's own file: a FHIR R4 Bundle of results (docs/reference/own-file.md). Pure: nothing
// here touches the page. `test` is what own_file.py gives; a result is {day, answers, scales}.

const ucum = "http://unitsofmeasure.org";
const noValue = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// Thrown where a file cannot be used; the message is for the person.
class UnreadableFile extends Error {}

function localDay(now) {
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function isDay(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function randomAddress() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const ends = [0, 8, 12, 16, 20, 32];
  return `urn:uuid:${ends.slice(1).map((end, place) => hex.slice(ends[place], end)).join("-")}`;
}

// --- writing ----------------------------------------------------------------------------

// Returns the entries of one result: the answers, and one Observation for each scale.
function entriesOf(test, result) {
  const address = randomAddress();
  const response = {
    resourceType: "QuestionnaireResponse",
    questionnaire: test.questionnaire,
    status: "completed",
    authored: result.day,
    item: answeredItems(test, result.answers),
  };
  if (!response.item.length) delete response.item; // FHIR knows no empty list
  return [
    { fullUrl: address, resource: response },
    ...result.scales.map((scale) => ({
      fullUrl: randomAddress(),
      resource: observation(test, scale, result.day, address),
    })),
  ];
}

function answeredItems(test, answers) {
  const items = [];
  let group = null;
  for (const { id, group: name, system } of test.items) {
    if (!Object.hasOwn(answers, id)) continue;
    const item = { linkId: id, answer: [answerOf(answers[id], system)] };
    if (name === null) items.push(item);
    else if (group && group.linkId === name) group.item.push(item);
    else items.push((group = { linkId: name, item: [item] }));
  }
  return items;
}

function answerOf(value, system) {
  return system ? { valueCoding: { system, code: String(value) } } : { valueInteger: value };
}

function observation(test, scale, day, address) {
  const { name, loinc } = test.scales.find((one) => one.id === scale.id);
  const codes = [{ system: test.questionnaire, code: `score.${scale.id}` }];
  if (loinc) codes.unshift({ system: "http://loinc.org", code: loinc });
  const about = {
    resourceType: "Observation",
    status: "final",
    code: { coding: codes, text: name },
    effectiveDateTime: day,
    derivedFrom: [{ reference: address }],
  };
  if (scale.points === null) {
    const unknown = { coding: [{ system: noValue, code: "unknown" }], text: scale.why };
    return { ...about, dataAbsentReason: unknown };
  }
  const points = { value: scale.points, unit: "points", system: ucum, code: "{score}" };
  return { ...about, valueQuantity: points };
}

function bundleOf(entries) {
  return { resourceType: "Bundle", type: "collection", entry: entries };
}

// --- reading ----------------------------------------------------------------------------

// Returns {entries, results, others}: all there is, this test's results by day, and how many
// results of other tests there are. Throws UnreadableFile.
function readBundle(test, scales, bundle) {
  if (!isTable(bundle) || bundle.resourceType !== "Bundle" || bundle.type !== "collection") {
    throw new UnreadableFile("This file was not made by a page like this one.");
  }
  const entries = bundle.entry;
  if (!Array.isArray(entries) || !entries.every((one) => isTable(one) && isTable(one.resource))) {
    throw new UnreadableFile("This file is damaged.");
  }
  const responses = entries.filter((one) => one.resource.resourceType === "QuestionnaireResponse");
  const ours = responses.filter((one) => one.resource.questionnaire === test.questionnaire);
  const results = ours.map((one) => readResult(test, scales, one, entries));
  results.sort((one, other) => (one.day < other.day ? -1 : Number(one.day > other.day)));
  return { entries, results, others: responses.length - ours.length };
}

function readResult(test, scales, { fullUrl, resource }, entries) {
  const day = resource.authored;
  if (!isDay(day)) throw new UnreadableFile("This file is damaged: a day is wrong.");
  const points = {};
  for (const one of entries.map((entry) => entry.resource)) {
    if (one.resourceType !== "Observation" || !cameFrom(one, fullUrl)) continue;
    const scale = scales.find((each) => isAbout(one, test, each));
    if (scale && one.valueQuantity !== undefined) points[scale.id] = readPoints(one, scale);
  }
  return { day, points };
}

function cameFrom(one, fullUrl) {
  const sources = Array.isArray(one.derivedFrom) ? one.derivedFrom : [];
  return sources.some((source) => isTable(source) && source.reference === fullUrl);
}

function isAbout(one, test, scale) {
  const codes = isTable(one.code) && Array.isArray(one.code.coding) ? one.code.coding : [];
  return codes.some(
    (code) =>
      isTable(code) && code.system === test.questionnaire && code.code === `score.${scale.id}`,
  );
}

function readPoints(one, scale) {
  const points = isTable(one.valueQuantity) ? one.valueQuantity.value : undefined;
  if (!Number.isFinite(points) || points < scale.lowest || points > scale.highest) {
    throw new UnreadableFile("This file is damaged: a score in it cannot be.");
  }
  return points;
}

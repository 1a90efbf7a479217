// The questions, one at a time or all at once, and the result. Everything that can be shown
// is in the page already; this shows, hides and fills it, and never sends or keeps anything.

const byId = (id) => document.getElementById(id);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const instrument = JSON.parse(byId("instrument").textContent);
const questions = all("fieldset[data-item]");
const cares = all("[data-care]");
const mostGapsListed = 12;
const status = byId("status");
let current = 0;
let oneByOne = true;

// --- leaving: the same as on every other page -------------------------------------------

function leave() {
  document.body.hidden = true; // nothing left to see while the next page loads
  clearAnswers();
  clearFile();
  location.replace("/exit/"); // and no way back to this page
}

let pressed = [];
function countShift(event) {
  if (event.key !== "Shift" || event.repeat) return;
  const now = Date.now();
  pressed = [...pressed.filter((at) => now - at < 5000), now];
  if (pressed.length >= 3) leave();
}

// --- answers ----------------------------------------------------------------------------

function readAnswers() {
  const answers = {};
  for (const question of questions) {
    const chosen = question.querySelector("input:checked") || question.querySelector("[type=number]");
    if (!chosen || (chosen.type === "number" && !isTyped(chosen))) continue;
    answers[question.dataset.item] = chosen.value === "n/a" ? "n/a" : Number(chosen.value);
  }
  return answers;
}

// A number field that holds something unreadable says so by its validity, not by its value.
function isTyped(field) {
  return field.value !== "" || field.validity.badInput;
}

function clearAnswers() {
  for (const input of all("fieldset[data-item] input")) {
    if (input.type === "number") input.value = "";
    else input.checked = false;
  }
}

function onAnswer() {
  const answers = readAnswers();
  showCare(answers);
  show(current, { focus: false });
  byId("progress").max = asked(answers).length;
  byId("progress").value = asked(answers).filter((one) => one.dataset.item in answers).length;
  byId("gaps").hidden = true;
}

// Help stands right under the question it belongs to, at once, whatever the score will be.
function showCare(answers) {
  const wanted = alertsOf(instrument, answers);
  for (const care of cares) {
    const isWanted = wanted.includes(care.dataset.care);
    if (isWanted && care.hidden) {
      placeCare(care, answers);
      status.textContent = "Help that fits this answer is shown below the question.";
    }
    care.hidden = !isWanted;
  }
}

function placeCare(care, answers) {
  const firing = instrument.alerts.find(
    (alert) => alert.kind === care.dataset.care && calls(alert, answers[alert.item]),
  );
  if (firing) questions.find((one) => one.dataset.item === firing.item).after(care);
}

// --- moving -----------------------------------------------------------------------------

// The questions that the form asks now: a first question can end it.
function asked(answers = readAnswers()) {
  const gate = instrument.gate;
  if (!gate || answers[gate.item] !== gate.stops_at) return questions;
  const unscored = instrument.items.filter((item) => !item.scored).map((item) => item.id);
  return questions.filter((one) => unscored.includes(one.dataset.item));
}

function show(number, { focus = true } = {}) {
  const now = asked();
  current = Math.max(0, Math.min(number, now.length - 1));
  for (const question of questions) {
    question.hidden = !now.includes(question) || (oneByOne && question !== now[current]);
  }
  byId("back").hidden = !oneByOne || current === 0;
  byId("next").hidden = !oneByOne || current === now.length - 1;
  byId("finish").hidden = oneByOne && current < now.length - 1;
  byId("where").textContent = oneByOne
    ? `Question ${current + 1} of ${now.length}`
    : `${now.length} questions`;
  byId("layout").textContent = oneByOne ? "Show all questions" : "Show one question at a time";
  if (focus) now[current].focus();
}

function switchLayout() {
  oneByOne = !oneByOne;
  show(current, { focus: false });
}

function goTo(item) {
  show(asked().findIndex((one) => one.dataset.item === item));
}

// 0 to 9 choose; left and right move. Only while the keyboard is inside a question, and
// arrows inside the answers stay the browser's own.
function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const question = event.target.closest("fieldset[data-item]");
  if (!question) return;
  const typing = event.target.matches("[type=number]");
  if (/^[0-9]$/.test(event.key) && !typing) return choose(question, event.key);
  if (!oneByOne || (event.target.matches("input") && !(typing && event.key === "Enter"))) return;
  if (event.key === "ArrowRight" || event.key === "Enter") show(current + 1);
  if (event.key === "ArrowLeft") show(current - 1);
}

function choose(question, value) {
  const input = question.querySelector(`[type=radio][value="${value}"]`);
  if (!input) return;
  input.checked = true;
  onAnswer();
}

// --- result -----------------------------------------------------------------------------

function finish() {
  const gaps = gapsOf(instrument, readAnswers());
  if (gaps.length) showGaps(gaps);
  else showResult();
}

function showResult() {
  const answers = readAnswers();
  const { scales } = scoreResponse(instrument, answers);
  scales.forEach(fillScale);
  keepResult(answers, scales);
  showCare(answers);
  byId("result").before(...cares);
  byId("questions").hidden = true;
  byId("result").hidden = false;
  byId("result-heading").focus();
}

const numberOf = (item) => questions.findIndex((one) => one.dataset.item === item) + 1;

function showGaps(gaps) {
  const list = byId("gap-list");
  list.replaceChildren();
  for (const id of gaps.slice(0, mostGapsListed)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--quiet";
    button.textContent = `Go to question ${numberOf(id)}`;
    button.addEventListener("click", () => goTo(id));
    list.append(button);
  }
  if (gaps.length > mostGapsListed) list.append(`and ${gaps.length - mostGapsListed} more`);
  byId("gaps").hidden = false;
  byId("gaps").focus();
}

function fillScale(score) {
  const scale = instrument.scales.find((one) => one.id === score.scale);
  const part = document.querySelector(`[data-scale="${scale.id}"]`);
  const isScored = score.points !== null;
  part.querySelector("[data-scored]").hidden = !isScored;
  part.querySelector("[data-unscored]").hidden = isScored;
  if (!isScored) {
    part.querySelector("[data-why]").textContent = why(score.reason);
    return;
  }
  for (const place of all("[data-points]", part)) {
    place.textContent = score.points.toFixed(scale.digits);
  }
  for (const one of scale.standard_scores) {
    const place = part.querySelector(`[data-standard="${one.id}"]`);
    place.textContent = score.standard_scores[one.id].toFixed(one.digits);
  }
  for (const bands of all("[data-set]", part)) markBand(bands, score.bands[bands.dataset.set]);
  markPictures(part, scale, score.points);
}

function why({ kind, items }) {
  const numbers = items.map(numberOf).join(", ");
  const words = items.length > 1 ? `questions ${numbers}` : `question ${numbers}`;
  if (kind === "impossible") return `the answer to ${words} is not one that the form has.`;
  return `${words} without an answer. The published rule gives no score then.`;
}

function markBand(bands, found) {
  for (const band of all("[data-band]", bands)) {
    const isMarked = band.dataset.band === found;
    band.toggleAttribute("data-on", isMarked);
    band.querySelector("[data-mark]").hidden = !isMarked;
  }
}

function backToAnswers() {
  byId("result").hidden = true;
  byId("questions").hidden = false;
  forgetResult();
  for (const care of cares) placeCare(care, readAnswers());
  show(current);
}

function startAgain() {
  clearAnswers();
  clearFile();
  resetPeople();
  byId("questions").prepend(...cares);
  onAnswer();
  current = 0;
  backToAnswers();
}

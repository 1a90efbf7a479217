// The questions, one at a time or all at once, and the result. Everything that can be shown
// is in the page already; this shows, hides and fills it, and never sends or keeps anything.

const byId = (id) => document.getElementById(id);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const instrument = JSON.parse(byId("instrument").textContent);
const questions = all("fieldset[data-item]");
const care = byId("care");
const status = byId("status");
let current = 0;
let oneByOne = true;

// --- leaving: the same as on every other page -------------------------------------------

function leave() {
  document.body.hidden = true; // nothing left to see while the next page loads
  clearAnswers();
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
    const chosen = question.querySelector("input:checked");
    if (chosen) answers[question.dataset.item] = Number(chosen.value);
  }
  return answers;
}

function clearAnswers() {
  for (const input of all("input")) input.checked = false;
}

function onAnswer() {
  const answers = readAnswers();
  showCare(answers);
  byId("progress").value = questions.filter((one) => one.dataset.item in answers).length;
  byId("gaps").hidden = true;
}

// Help stands right under the question it belongs to, at once, whatever the score will be.
function showCare(answers) {
  if (!care) return;
  const wanted = alertsOf(instrument, answers).length > 0;
  if (wanted && care.hidden) {
    placeCare();
    status.textContent = "Ways to talk to someone now are shown below this question.";
  }
  care.hidden = !wanted;
}

function placeCare() {
  const item = instrument.alerts[0].item;
  questions.find((one) => one.dataset.item === item).after(care);
}

// --- moving -----------------------------------------------------------------------------

function show(number, { focus = true } = {}) {
  current = Math.max(0, Math.min(number, questions.length - 1));
  questions.forEach((question, index) => {
    question.hidden = oneByOne && index !== current;
  });
  byId("back").hidden = !oneByOne || current === 0;
  byId("next").hidden = !oneByOne || current === questions.length - 1;
  byId("finish").hidden = oneByOne && current < questions.length - 1;
  byId("where").textContent = oneByOne
    ? `Question ${current + 1} of ${questions.length}`
    : `${questions.length} questions`;
  byId("layout").textContent = oneByOne ? "Show all questions" : "Show one question at a time";
  if (focus) questions[current].focus();
}

function switchLayout() {
  oneByOne = !oneByOne;
  show(current, { focus: false });
}

function questionOf(target) {
  return questions.indexOf(target.closest("fieldset[data-item]"));
}

// 0 to 9 choose; left and right move. Only while the keyboard is inside a question, and
// arrows inside the answers stay the browser's own.
function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const number = questionOf(event.target);
  if (number < 0) return;
  if (/^[0-9]$/.test(event.key)) return choose(questions[number], event.key);
  if (!oneByOne || event.target.matches("input")) return;
  if (event.key === "ArrowRight" || event.key === "Enter") show(current + 1);
  if (event.key === "ArrowLeft") show(current - 1);
}

function choose(question, value) {
  const input = question.querySelector(`input[value="${value}"]`);
  if (!input) return;
  input.checked = true;
  onAnswer();
}

// --- result -----------------------------------------------------------------------------

function finish() {
  const answers = readAnswers();
  const gaps = gapsOf(instrument, answers);
  if (gaps.length) return showGaps(gaps);
  const result = scoreResponse(instrument, answers);
  result.scales.forEach(fillScale);
  showCare(answers);
  if (care) byId("result").before(care);
  byId("questions").hidden = true;
  byId("result").hidden = false;
  byId("result-heading").focus();
}

function showGaps(gaps) {
  const list = byId("gap-list");
  list.replaceChildren();
  for (const id of gaps) {
    const number = questions.findIndex((one) => one.dataset.item === id);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--quiet";
    button.textContent = `Go to question ${number + 1}`;
    button.addEventListener("click", () => show(number));
    list.append(button);
  }
  byId("gaps").hidden = false;
  byId("gaps").focus();
}

function fillScale(score) {
  const scale = instrument.scales.find((one) => one.id === score.scale);
  const part = document.querySelector(`[data-scale="${scale.id}"]`);
  for (const place of all("[data-points]", part)) place.textContent = String(score.points);
  for (const band of all("[data-band]", part)) {
    const marked = Object.values(score.bands).includes(band.dataset.band);
    band.toggleAttribute("data-on", marked);
    band.querySelector("[data-mark]").hidden = !marked;
  }
  markPicture(part, scale, score.points);
}

function markPicture(part, scale, points) {
  const marker = part.querySelector("[data-marker]");
  if (!marker) return;
  const width = 760 / (scale.highest - scale.lowest + 1);
  marker.setAttribute("cx", String((points - scale.lowest + 0.5) * width));
}

function backToAnswers() {
  byId("result").hidden = true;
  byId("questions").hidden = false;
  if (care) placeCare();
  show(current);
}

function startAgain() {
  clearAnswers();
  onAnswer();
  current = 0;
  backToAnswers();
}

// --- start ------------------------------------------------------------------------------

function start() {
  clearAnswers();
  for (const part of all("[data-with-script]")) part.hidden = false;
  for (const part of all("[data-without-script]")) part.hidden = true;
  if (care) care.hidden = true;
  byId("result").hidden = true;
  byId("questions").addEventListener("change", onAnswer);
  byId("questions").addEventListener("keydown", onKey);
  const actions = { back: () => show(current - 1), next: () => show(current + 1), finish };
  Object.assign(actions, { layout: switchLayout, answers: backToAnswers, again: startAgain });
  actions.print = () => window.print();
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  show(0, { focus: false });
}

byId("exit").addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
addEventListener("keydown", countShift);
// A page that the browser kept for "Back" must not show what was chosen on it.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.body.hidden = true;
  location.reload();
});
start();

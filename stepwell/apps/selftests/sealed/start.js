// Runs last, when every part is there.

function start() {
  clearAnswers();
  for (const part of all("[data-with-script]")) part.hidden = false;
  for (const part of all("[data-without-script]")) part.hidden = true;
  for (const care of cares) care.hidden = true;
  byId("result").hidden = true;
  startPeople();
  startFile();
  resetPeople();
  byId("progress").max = questions.length;
  byId("questions").addEventListener("change", onAnswer);
  byId("questions").addEventListener("keydown", onKey);
  const actions = { back: () => show(current - 1), next: () => show(current + 1), finish };
  Object.assign(actions, { layout: switchLayout, anyway: showResult });
  Object.assign(actions, { answers: backToAnswers, again: startAgain });
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

// "Keep a file for yourself" and "Open my file": the part of the page around own_file.js, lock.js
// and change.js. Opening reads what the person chose; saving hands them a file. Nothing is sent.

const ownTest = JSON.parse(byId("own-file").textContent);
const ownScales = instrument.scales.map((scale) => ({
  ...scale,
  ...ownTest.scales.find((one) => one.id === scale.id),
}));
const mostBytes = 5000000;
let opened = null; // what readBundle gave for the file that is open, if one is
let waiting = null; // a locked file that waits for its passphrase
let currentResult = null; // the entries of the result on the page, until it changes

const say = (id, words) => {
  byId(id).textContent = words;
};

// --- keeping ----------------------------------------------------------------------------

// Called with every result that is shown; the same result is never in a file twice.
function keepResult(answers, scores) {
  const scales = scores.map((score) => ({
    id: score.scale,
    points: score.points,
    why: score.reason && why(score.reason),
  }));
  const shown = asked(answers).map((one) => one.dataset.item);
  const kept = shown.filter((id) => id in answers).map((id) => [id, answers[id]]);
  const result = { day: localDay(new Date()), answers: Object.fromEntries(kept), scales };
  currentResult = entriesOf(ownTest, result);
  byId("keep").hidden = false;
  say("keep-said", "");
  showChange();
  if (opened) sayWhatIsOpen();
}

// What the open file holds, and of the result on the page what is not in it yet.
function newEntries() {
  const known = opened ? opened.entries.map((one) => one.fullUrl) : [];
  return (currentResult || []).filter((one) => !known.includes(one.fullUrl));
}

const everyEntry = () => [...(opened ? opened.entries : []), ...newEntries()];

async function saveFile() {
  const text = JSON.stringify(bundleOf(everyEntry()), null, 2);
  if (!byId("lock").checked) return handOver(text, "my-file.json");
  const passphrase = byId("passphrase").value;
  if (passphrase.length < 8) return say("keep-said", "A passphrase has 8 characters or more.");
  if (passphrase !== byId("passphrase-again").value) {
    return say("keep-said", "The two passphrases differ. Type them again.");
  }
  say("keep-said", "Locking the file …");
  return handOver(JSON.stringify(await lockText(text, passphrase), null, 2), "my-locked-file.json");
}

function handOver(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  make("a", { href: address, download: name }).click(); // an address inside this page's memory
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  say("keep-said", `Your browser has the file ${name} now, and keeps it where it keeps downloads.`);
}

function switchLock() {
  byId("passphrases").hidden = !byId("lock").checked;
}

// --- opening ----------------------------------------------------------------------------

async function chooseFile() {
  const [file] = byId("open-file").files;
  if (!file) return;
  waiting = null;
  byId("unlock").hidden = true;
  await orSay(async () => {
    if (file.size > mostBytes) throw new UnreadableFile("This file is too large.");
    const content = parsed(await file.text());
    if (isLocked(content)) askForPassphrase(content);
    else openContent(content);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableFile("This file was not made by a page like this one, or it is damaged.");
  }
}

function askForPassphrase(envelope) {
  if (!canLock()) {
    throw new UnreadableFile(
      "This file is locked, and this browser cannot open it here: it gives the tools for that to " +
        "secure addresses (https) only.",
    );
  }
  waiting = envelope;
  byId("unlock").hidden = false;
  say("open-said", "This file is locked. Type its passphrase.");
  byId("unlock-passphrase").focus();
}

async function unlock() {
  say("open-said", "Opening the file …");
  await orSay(async () => {
    openContent(parsed(await openLocked(waiting, byId("unlock-passphrase").value)));
    byId("unlock").hidden = true;
    byId("unlock-passphrase").value = "";
  });
}

function openContent(content) {
  opened = readBundle(ownTest, ownScales, content);
  showChange();
  sayWhatIsOpen();
}

function sayWhatIsOpen() {
  const { results, others } = opened;
  const count = results.length;
  const parts = [`${count || "No"} result${count === 1 ? "" : "s"} of this test in the file.`];
  if (others) parts.push(`It also holds results of other tests (${others}). They stay in it.`);
  if (newEntries().length) {
    parts.push("The result on this page is shown too. Save the file to add it.");
  }
  say("open-said", parts.join(" "));
}

// Says what is wrong with a file; whatever was open or answered before stays as it is.
async function orSay(action) {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const rest = opened ? " The file that was open before is still open." : "";
    say("open-said", error.message + rest);
  }
}

// --- change over time -------------------------------------------------------------------

function showChange() {
  const { results } = readBundle(ownTest, ownScales, bundleOf(everyEntry()));
  const place = byId("change");
  place.hidden = !opened || !results.length;
  byId("change-scales").replaceChildren();
  if (place.hidden) return;
  const several = ownScales.length > 1;
  const parts = ownScales.map((scale, number) => {
    const nodes = changeOf(scale, results);
    if (!several) return make("div", {}, ...nodes);
    const part = make("details", {}, make("summary", {}, scale.name), ...nodes);
    part.open = number === 0;
    return part;
  });
  byId("change-scales").append(...parts);
}

// --- clearing and starting --------------------------------------------------------------

function forgetResult() {
  currentResult = null;
  byId("keep").hidden = true;
  showChange();
}

function clearFile() {
  opened = waiting = null;
  const fields = ["open-file", "unlock-passphrase", "passphrase", "passphrase-again"];
  for (const id of fields) byId(id).value = "";
  byId("lock").checked = false;
  byId("unlock").hidden = true;
  say("open-said", "");
  say("keep-said", "");
  switchLock();
  forgetResult();
}

function startFile() {
  byId("can-lock").hidden = !canLock();
  byId("cannot-lock").hidden = canLock();
  byId("lock").addEventListener("change", switchLock);
  byId("save").addEventListener("click", saveFile);
  byId("open-file").addEventListener("change", chooseFile);
  byId("open-locked").addEventListener("click", unlock);
  clearFile();
}

// What stands beside a score: the picture of 100 people with its slider, where the score lies in
// named samples, and the margin of error. All of it is in the page already; this fills it.

const fullWidth = 760; // of the pictures of a scale, as in scale_presenters.py

// --- 100 people -------------------------------------------------------------------------

function showPeople(people) {
  const { found, cleared } = people.dataset;
  const slider = people.querySelector("[type=range]");
  const rate = Number(slider.value);
  const have = whoHaveIt(rate, Number(found), Number(cleared));
  slider.setAttribute("aria-valuetext", `${rate} in 100 people`);
  people.querySelector("[data-rate]").textContent = String(rate);
  people.querySelector("[data-have]").textContent = String(have);
  people.querySelector("[data-others]").textContent = String(100 - have);
  all("[data-dot]", people).forEach((dot, place) => dot.toggleAttribute("data-on", place < have));
}

function startPeople() {
  for (const people of all("[data-people]")) {
    people.querySelector("[type=range]").addEventListener("input", () => showPeople(people));
  }
}

function resetPeople() {
  for (const people of all("[data-people]")) {
    const slider = people.querySelector("[type=range]");
    slider.value = slider.defaultValue;
    showPeople(people);
  }
}

// --- in the pictures of a scale -----------------------------------------------------------

function placeOf(scale, points) {
  const step = 10 ** -scale.digits;
  return ((points - scale.lowest + step / 2) * fullWidth) / (scale.highest - scale.lowest + step);
}

function markPictures(part, scale, points) {
  for (const marker of all("[data-marker]", part)) {
    marker.setAttribute("cx", String(placeOf(scale, points)));
  }
  for (const margin of all("[data-margin]", part)) {
    const way = Number(margin.dataset.margin);
    const from = placeOf(scale, Math.max(scale.lowest, points - way));
    const to = placeOf(scale, Math.min(scale.highest, points + way));
    margin.setAttribute("x", String(from));
    margin.setAttribute("width", String(to - from));
  }
  for (const norm of all("[data-norm]", part)) {
    const { mean, sd } = norm.dataset;
    norm.textContent = besideSample(points, Number(mean), Number(sd), scale.digits);
  }
}

// Words for where a score lies beside a sample's average. Only the published mean and spread
// are used: how a sample is shaped is not known, so nothing is said in per cent of it.
function besideSample(points, mean, sd, digits) {
  const places = Math.max(digits, (String(mean).split(".")[1] || "").length);
  const away = Math.abs(points - mean).toFixed(places);
  if (Number(away) === 0) return "Your score is the average of this sample.";
  const side = points > mean ? "above" : "below";
  const words = `Your score lies ${away} points ${side} the average of this sample`;
  if (!sd) return `${words}. How widely the sample was spread was not found.`;
  const spreads = Math.abs(points - mean) / sd;
  if (spreads <= 1) return `${words}: within its usual spread.`;
  return `${words}: ${spreads <= 2 ? "outside its usual spread" : "far outside its usual spread"}.`;
}

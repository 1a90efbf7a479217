// <quick-exit>: leave this page at once. Without JavaScript its link still works.
const leave = () => {
  document.body.hidden = true; // nothing left to see while the next page loads
  for (const form of document.forms) form.reset();
  location.replace("/exit/"); // and no way back to this one
};

customElements.define("quick-exit", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
});

// Shift three times within five seconds does the same.
let pressed = [];
addEventListener("keydown", (event) => {
  if (event.key !== "Shift" || event.repeat) return;
  const now = Date.now();
  pressed = [...pressed.filter((at) => now - at < 5000), now];
  if (pressed.length >= 3) leave();
});

// A page that the browser kept for "Back" must not show what was typed on it.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.body.hasAttribute("data-sensitive")) {
    document.body.hidden = true;
    location.reload();
  }
});

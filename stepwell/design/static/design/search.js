// <live-search>: offers pages while somebody is typing. Without JavaScript the form inside searches as forms do.
const made = (name, values) => Object.assign(document.createElement(name), values);
customElements.define("live-search", class extends HTMLElement {
  connectedCallback() {
    [this.form, this.input] = [this.querySelector("form"), this.querySelector("input[type=search]")];
    this.list = made("ul", { id: `${this.input.id}-offers`, className: "offers__list", role: "listbox", hidden: true, ariaLabel: "Offers" });
    this.status = made("span", { className: "visually-hidden", role: "status" });
    this.input.after(this.list, this.status);
    const combobox = { role: "combobox", "aria-controls": this.list.id, "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(combobox)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.list.hidden || this.key(event));
    for (const [part, name] of [[this.input, "blur"], [this.form, "submit"]]) part.addEventListener(name, () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus where it is
    this.list.addEventListener("click", (event) => this.take(event.target.closest("li")));
  }
  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }
  later() {
    this.close();
    if (this.input.value.trim().length > 1) this.timer = setTimeout(() => this.ask(), 150);
  }
  async ask() {
    this.asking = new AbortController();
    const body = new URLSearchParams({ words: this.input.value });
    const answer = await fetch(this.form.dataset.offers, { method: "POST", body, signal: this.asking.signal }).catch(() => null);
    const offered = answer?.ok && await answer.json().catch(() => null);
    if (offered) this.show(offered.results);
  }
  show(results) {
    const all = { title: results.length ? "View all results" : "No result. View all results", what: "" };
    this.list.replaceChildren(...[...results, all].map((each, at) => {
      const item = made("li", { id: `${this.list.id}-${at}`, role: "option", textContent: each.title });
      if (each.what) item.append(made("small", { textContent: each.what }));
      return Object.assign(item, { url: each.url, className: each.first ? "offers__first" : "" });
    }));
    this.status.textContent = !results.length ? "No result" : results[0].first ? results[0].title : `${results.length} offered`;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }
  choose(at) {
    this.at = at;
    [...this.list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === at)));
    this.input.setAttribute("aria-activedescendant", this.list.children[at]?.id || "");
  }
  take(item) {
    if (item) item.url ? location.assign(item.url) : this.form.requestSubmit();
  }
  key(event) {
    const [step, count] = [{ ArrowDown: 1, ArrowUp: -1 }[event.key], this.list.childElementCount + 1];
    if (event.key === "Escape") this.close();
    else if (step) this.choose((this.at + 1 + step + count) % count - 1);
    else if (event.key === "Enter" && this.at >= 0) this.take(this.list.children[this.at]);
    else return;
    event.preventDefault();
  }
});

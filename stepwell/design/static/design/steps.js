// <step-form>: the next question replaces this one without a new history entry.
// Without JavaScript the form inside posts as forms do. The answer is read as a
// document by the browser itself, so no markup is ever made from a string.
customElements.define("step-form", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      const form = event.target;
      const data = new FormData(form, event.submitter);
      event.preventDefault();
      this.send(event.submitter?.getAttribute("formaction") || form.getAttribute("action"), data, () => form.submit());
    });
  }

  send(address, data, fallback) {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "document";
    request.onload = () => {
      const next = request.response?.querySelector("main");
      if (!next) return fallback();
      document.title = request.response.title;
      document.body.toggleAttribute("data-sensitive", request.response.body.hasAttribute("data-sensitive"));
      document.querySelector("main").replaceWith(document.adoptNode(next));
      scrollTo(0, 0);
      (document.querySelector("#errors") || document.querySelector("main")).focus();
    };
    request.onerror = fallback;
    request.send(new URLSearchParams(data));
  }
});

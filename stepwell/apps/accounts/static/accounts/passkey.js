// <pass-key>: asks the device for a passkey and sends what it gives with the form inside.
// Options stand in the page, or are asked for at the press. No markup is made from strings.
customElements.define("pass-key", class extends HTMLElement {
  connectedCallback() {
    const known = globalThis.PublicKeyCredential;
    if (!known?.parseCreationOptionsFromJSON || !known.parseRequestOptionsFromJSON) return;
    this.hidden = false;
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(event.target);
    });
  }

  async ask(form) {
    const failed = this.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const credential = await this.credential();
      form.elements.credential.value = JSON.stringify(credential.toJSON());
    } catch {
      failed.hidden = false;
      return;
    }
    const shared = document.querySelector("input[name=shared]");
    if (shared?.checked) {
      const same = document.createElement("input");
      same.type = "hidden";
      same.name = "shared";
      same.value = "yes";
      form.append(same);
    }
    form.submit();
  }

  async credential() {
    const { publicKey } = await this.options();
    if ("user" in publicKey) {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  }

  async options() {
    if (this.dataset.options) return JSON.parse(this.dataset.options);
    const answer = await fetch(this.dataset.from, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }
});

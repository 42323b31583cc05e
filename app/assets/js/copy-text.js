// <copy-text from="id" label="Kopieren" done="Kopiert">: adds a button that copies the value or text of an element.
class CopyText extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard || this.querySelector("button")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "rb-btn rb-btn--secondary" });
    const status = Object.assign(document.createElement("span"), { className: "rb-sr" });
    button.textContent = this.getAttribute("label");
    status.setAttribute("role", "status");
    button.addEventListener("click", () => this.copy(button, status));
    this.append(button, status);
  }

  async copy(button, status) {
    const source = document.getElementById(this.getAttribute("from"));
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.textContent = status.textContent = this.getAttribute("done");
    setTimeout(() => { button.textContent = this.getAttribute("label"); status.textContent = ""; }, 3000);
  }
}
customElements.define("copy-text", CopyText);

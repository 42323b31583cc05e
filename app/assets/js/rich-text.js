// <rich-text>: turns the textarea inside it into an editor. Its two fields are what the server reads:
// the textarea (Markdown, used without JavaScript) and the hidden input (the TipTap document as JSON).
class RichText extends HTMLElement {
  async connectedCallback() {
    const area = this.querySelector("textarea");
    const store = this.querySelector("input[type=hidden]");
    if (!area || !store || this.classList.contains("is-upgraded")) return;
    const { upgrade } = await import("./editor.js");
    upgrade(this, area, store, JSON.parse(this.closest("[data-labels]")?.dataset.labels ?? "{}"));
    this.classList.add("is-upgraded");
  }
}
customElements.define("rich-text", RichText);

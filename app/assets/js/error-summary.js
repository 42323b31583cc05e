// <error-summary>: after a refused form the reader lands on the list of what is to be corrected.
class ErrorSummary extends HTMLElement {
  connectedCallback() {
    this.querySelector("[tabindex]")?.focus({ preventScroll: false });
  }
}
customElements.define("error-summary", ErrorSummary);

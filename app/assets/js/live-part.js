// <live-part id="…" src="/…" stop="Anhalten" go="Weiter" lost="…" over="…">: asks for the page at src again and again and
// takes over what has changed inside the element with the same id. How often says data-every (seconds) of its first
// child, each time anew. A button stops it; focus, selection and scrolling stay where they are. Only role=status speaks.
const EARLIEST = 1000;

class LivePart extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.content = this.firstElementChild;
    this.button = Object.assign(document.createElement("button"), { type: "button", className: "rb-btn rb-btn--tertiary rb-btn--small rb-live__button" });
    this.note = Object.assign(document.createElement("p"), { className: "rb-live__note" });
    this.note.setAttribute("role", "status");
    this.prepend(this.note, this.button);
    this.button.addEventListener("click", () => this.run(!this.running));
    document.addEventListener("visibilitychange", () => this.running && !document.hidden && this.refresh());
    this.run(true);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  run(running) {
    this.running = running;
    this.button.textContent = this.getAttribute(running ? "stop" : "go");
    clearTimeout(this.timer);
    if (running) this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), Math.max(EARLIEST, 1000 * Number(this.content.dataset.every)));
  }

  async refresh() {
    clearTimeout(this.timer);
    if (document.hidden || !this.isConnected) return;
    try {
      const answer = await fetch(this.getAttribute("src"), { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(this.id)?.firstElementChild;
      if (answer.ok && !fresh) return this.end();
      if (!answer.ok) throw new Error(answer.statusText);
      if (!this.running) return;
      this.say("");
      become(this.content, fresh);
    } catch {
      this.say(this.getAttribute("lost"));
    }
    if (this.running) this.wait();
  }

  end() {
    this.run(false);
    this.button.remove();
    this.say(this.getAttribute("over"));
  }

  say(text) {
    if (this.note.textContent !== text) this.note.textContent = text;
  }
}

// Makes one node equal to another by changing no more than differs.
function become(node, wanted) {
  if (node.nodeType !== wanted.nodeType || node.nodeName !== wanted.nodeName) return node.replaceWith(wanted.cloneNode(true));
  if (node.nodeType !== Node.ELEMENT_NODE) return void (node.data !== wanted.data && (node.data = wanted.data));
  for (const { name } of [...node.attributes]) if (!wanted.hasAttribute(name) && name !== "open") node.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  const children = [...wanted.childNodes];
  [...node.childNodes].slice(children.length).forEach((left) => left.remove());
  children.forEach((child, at) => (node.childNodes[at] ? become(node.childNodes[at], child) : node.append(child.cloneNode(true))));
}
customElements.define("live-part", LivePart);

// <place-picker>: a long list of places becomes a search whose finds can be added one by one. The list itself stays
// the field that is sent; without JavaScript it is what people choose from.
class PlacePicker extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.input) return;
    this.words = JSON.parse(this.dataset.labels);
    this.options = [...this.select.options];
    this.build();
    this.show();
  }

  build() {
    const id = `${this.select.id}-search`;
    const hint = this.querySelector(".rb-hint");
    if (hint) hint.textContent = this.words.hint;
    this.querySelector("label").htmlFor = id;
    this.input = made("input", { id, type: "search", className: "rb-input", autocomplete: "off" });
    this.input.setAttribute("list", `${id}-list`);
    this.input.setAttribute("aria-describedby", [hint?.id, `${id}-said`].filter(Boolean).join(" "));
    const list = made("datalist", { id: `${id}-list` });
    list.append(...this.options.map((option) => made("option", { value: option.text })));
    const add = made("button", { type: "button", className: "rb-btn rb-btn--secondary", textContent: this.words.add });
    add.addEventListener("click", () => this.add());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.add(); }
    });
    this.input.addEventListener("input", () => {
      if (this.options.some((option) => option.text === this.input.value)) this.add();
    });
    const row = made("div", { className: "rb-picker__row" });
    row.append(this.input, list, add);
    this.chosen = made("ul", { className: "rb-picker__chosen" });
    this.said = made("p", { id: `${id}-said`, className: "rb-picker__said" });
    this.said.setAttribute("role", "status");
    this.select.hidden = true;
    this.select.after(row, this.said, this.chosen);
  }

  add() {
    const typed = fold(this.input.value);
    if (!typed) return;
    const found = this.find(typed);
    if (found.length !== 1) {
      const names = found.slice(0, 5).map((option) => option.text).join("; ");
      this.say(found.length ? this.words.several : this.words.unknown, names);
      return;
    }
    found[0].selected = true;
    this.input.value = "";
    this.say(this.words.added, found[0].text);
    this.show();
  }

  // What is meant: the whole label, a name in either language, or what it begins with.
  find(typed) {
    const is = (test) => this.options.filter((option) => test(fold(option.text)));
    const exact = is((label) => label === typed);
    const named = is((label) => label.split(" (")[0].split("/").includes(typed));
    return exact.length ? exact : named.length ? named : is((label) => label.includes(typed));
  }

  show() {
    this.chosen.replaceChildren(...this.options.filter((option) => option.selected).map((option) => this.chip(option)));
  }

  chip(option) {
    const name = made("span", { textContent: option.text });
    const remove = made("button", { type: "button", className: "rb-picker__remove", textContent: "×" });
    remove.setAttribute("aria-label", this.words.remove.replace("{}", option.text));
    remove.addEventListener("click", () => {
      option.selected = false;
      this.say(this.words.removed, option.text);
      this.show();
      this.input.focus();
    });
    const chip = made("li", { className: "rb-picker__place" });
    chip.append(name, remove);
    return chip;
  }

  say(words, names) {
    this.said.textContent = words.replace("{}", names);
  }
}

function made(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

// As app/taxonomy/rules.py folds: Goerlitz finds Görlitz, Budysin finds Budyšin.
function fold(text) {
  const letters = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", ł: "l", đ: "d" };
  const plain = text.normalize("NFC").toLowerCase().replace(/[äöüßłđ]/g, (letter) => letters[letter]);
  return plain.normalize("NFKD").replace(/\p{M}/gu, "").trim().replace(/\s+/g, " ");
}

customElements.define("place-picker", PlacePicker);

// The editor's toolbar: one tab stop, arrow keys inside (ARIA toolbar pattern), pressed states announced.
const TOOLS = [
  ["bold", "B", (chain) => chain.toggleBold(), "bold"],
  ["italic", "I", (chain) => chain.toggleItalic(), "italic"],
  ["heading", "H2", (chain) => chain.toggleHeading({ level: 2 }), "heading", { level: 2 }],
  ["subheading", "H3", (chain) => chain.toggleHeading({ level: 3 }), "heading", { level: 3 }],
  ["bullets", "•–", (chain) => chain.toggleBulletList(), "bulletList"],
  ["numbers", "1.", (chain) => chain.toggleOrderedList(), "orderedList"],
  ["quote", "„“", (chain) => chain.toggleBlockquote(), "blockquote"],
  ["link", "Link", null, "link"],
  ["undo", "←", (chain) => chain.undo()],
  ["redo", "→", (chain) => chain.redo()],
];

export function buildToolbar(editor, labels) {
  const both = document.createElement("div");
  const bar = Object.assign(document.createElement("div"), { className: "rb-rt__bar" });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", labels.toolbar ?? "");
  const linkRow = buildLinkRow(editor, labels);
  for (const [name, sign, act, mark, attributes] of TOOLS) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: `rb-rt__${name}`, textContent: sign, title: labels[name] ?? name });
    button.setAttribute("aria-label", labels[name] ?? name);
    button.tabIndex = bar.childElementCount === 0 ? 0 : -1;
    button.addEventListener("click", () => (act ? act(editor.chain().focus()).run() : linkRow.open()));
    if (mark) editor.on("transaction", () => button.setAttribute("aria-pressed", String(editor.isActive(mark, attributes))));
    if (mark) button.setAttribute("aria-pressed", "false");
    bar.append(button);
  }
  bar.addEventListener("keydown", (event) => moveInside(bar, event));
  both.append(bar, linkRow.element);
  return both;
}

function moveInside(bar, event) {
  const buttons = [...bar.children];
  const here = buttons.indexOf(document.activeElement);
  const step = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = buttons[(step + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

// A row under the toolbar instead of a dialog: address, apply, remove. Escape closes it.
function buildLinkRow(editor, labels) {
  const element = Object.assign(document.createElement("div"), { className: "rb-rt__address", hidden: true });
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "text", inputMode: "url", className: "rb-input" });
  const close = () => { element.hidden = true; editor.commands.focus(); };
  const apply = () => {
    const chain = editor.chain().focus().extendMarkRange("link");
    const href = whole(input.value.trim());
    (href ? chain.setLink({ href }) : chain.unsetLink()).run();
    element.hidden = true;
  };
  label.append(labels.address ?? "", input);
  element.append(label, action(labels.apply, "secondary", apply), action(labels.unlink, "tertiary", () => { input.value = ""; apply(); }));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && event.target === input) { event.preventDefault(); apply(); }
  });
  return { element, open: () => { element.hidden = false; input.value = editor.getAttributes("link").href ?? ""; input.focus(); } };
}

// "name@amt.example" and "www.amt.example" are what people write; the document wants whole addresses.
function whole(address) {
  if (!address || /^[a-z]+:/i.test(address)) return address;
  return address.includes("@") ? `mailto:${address}` : `https://${address}`;
}

function action(text, kind, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text ?? "", className: `rb-btn rb-btn--${kind} rb-btn--small` });
  button.addEventListener("click", act);
  return button;
}

// The rich text editor: TipTap with exactly the nodes and marks that the server's text model knows.
// Everything else, such as what Word puts on the clipboard, falls away with the schema.
import { Editor } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { ListItem } from "@tiptap/extension-list";
import StarterKit from "@tiptap/starter-kit";
import { cleanPaste } from "./paste.js";
import { buildToolbar } from "./toolbar.js";

const inside = "(paragraph | bulletList | orderedList | blockquote)";
const extensions = [
  StarterKit.configure({
    heading: { levels: [2, 3, 4] },
    link: { openOnClick: false, autolink: true, linkOnPaste: true, protocols: ["mailto", "tel"], HTMLAttributes: { target: null, rel: null } },
    blockquote: false, listItem: false, code: false, codeBlock: false, strike: false, underline: false,
    dropcursor: false, trailingNode: false,
  }),
  Blockquote.extend({ content: `${inside}+` }),
  ListItem.extend({ content: `paragraph ${inside}*` }),
];

// The editor takes the place of the textarea and answers to the same label, hint and error.
export function upgrade(host, area, store, labels) {
  const frame = Object.assign(document.createElement("div"), { className: "rb-rt" });
  const page = document.createElement("div");
  const editor = new Editor({
    element: page,
    extensions,
    injectCSS: false,
    content: store.value ? JSON.parse(store.value) : "",
    editorProps: { attributes: namesOf(area), transformPastedHTML: cleanPaste },
  });
  store.disabled = false;
  editor.on("update", () => save(editor, area, store));
  frame.append(buildToolbar(editor, labels), page);
  host.append(frame);
  for (const label of area.labels) label.addEventListener("click", () => editor.commands.focus());
}

function save(editor, area, store) {
  store.value = editor.isEmpty ? "" : JSON.stringify(editor.getJSON());
  area.value = editor.getText({ blockSeparator: "\n\n" });
  area.dispatchEvent(new Event("change", { bubbles: true }));
}

function namesOf(area) {
  const names = { class: "ProseMirror rb-rich", role: "textbox", "aria-multiline": "true" };
  const label = area.labels[0];
  if (label?.id) names["aria-labelledby"] = label.id;
  for (const name of ["aria-describedby", "aria-invalid", "aria-required", "lang"])
    if (area.hasAttribute(name)) names[name] = area.getAttribute(name);
  return names;
}

// What comes from Word, reduced to meaning: headings, paragraphs, lists, links. Looks are left behind.
const KEPT = ["href", "start", "lang"];

export function cleanPaste(html) {
  const page = new DOMParser().parseFromString(withoutLooks(html), "text/html");
  for (const gone of page.querySelectorAll("style, script, meta, link, title, xml, img")) gone.remove();
  wordLists(page);
  for (const heading of page.querySelectorAll("h1")) rename(heading, "h2");
  for (const heading of page.querySelectorAll("h5, h6")) rename(heading, "h4");
  for (const element of page.body.querySelectorAll("*"))
    for (const { name } of [...element.attributes]) if (!KEPT.includes(name)) element.removeAttribute(name);
  return page.body.innerHTML;
}

// Before any parser sees it: the page's policy objects to every style and handler, even in a text that is only read.
function withoutLooks(html) {
  return html
    .replace(/<!--\[if !supportLists\]-->([\s\S]*?)<!--\[endif\]-->/g, (_, marker) => `<i data-marker>${marker.replace(/<[^>]*>/g, "")}</i>`)
    .replace(/<!--[\s\S]*?-->|<!\[[\s\S]*?\]>|<\/?o:p[^>]*>|\u00ad/g, "")
    .replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on[a-z]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""));
}

// Word writes list items as paragraphs with their bullet as text; neighbours become one list.
function wordLists(page) {
  for (const marker of [...page.querySelectorAll("[data-marker]")]) {
    const line = marker.closest("p");
    if (!line) continue;
    const kind = /\d|^[a-z][.)]/i.test(marker.textContent.trim()) && marker.textContent.trim() !== "o" ? "ol" : "ul";
    const before = line.previousElementSibling;
    const list = before?.matches(`${kind}[data-list]`) ? before : page.createElement(kind);
    if (list !== before) { list.dataset.list = ""; line.before(list); }
    marker.remove();
    const item = page.createElement("li");
    item.append(line);
    list.append(item);
  }
}

function rename(element, tag) {
  const renamed = element.ownerDocument.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

// The build itself: bundles CSS and JS with esbuild, copies fonts and pictures, collects licence texts.
// Called by build_assets.py, which cares for node and the packages.
import { build } from "esbuild";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const assets = join(root, "app", "assets");
const out = join(root, "app", "static");
const packages = join(root, "node_modules");
const target = ["chrome111", "firefox113", "safari16.4"];
const fonts = {
  "@fontsource/fira-sans": ["400-normal", "400-italic", "600-normal"].flatMap((cut) =>
    ["latin", "latin-ext"].map((part) => `fira-sans-${part}-${cut}.woff2`)),
  "@fontsource-variable/bitter": ["latin", "latin-ext"].map((part) => `bitter-${part}-wght-normal.woff2`),
};

const used = new Set();
mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) rmSync(join(out, name), { recursive: true, force: true });
await bundle({ site: "css/site.css", desk: "css/desk.css" }, { plugins: [kernTokens()], external: ["*.woff2", "*.svg"] });
await bundle({ site: "js/site.js", desk: "js/desk.js" }, { external: ["./editor.js"] });
await bundle({ editor: "js/editor.js" }, {});
copyFiles();
writeFileSync(join(out, "licences.txt"), licences());
console.log(`assets: built ${readdirSync(out).sort().join(" ")}`);

async function bundle(entries, more) {
  const entryPoints = Object.entries(entries).map(([name, path]) => ({ in: join(assets, path), out: name }));
  const options = { entryPoints, outdir: out, bundle: true, minify: true, format: "esm", target, metafile: true };
  const result = await build({ ...options, legalComments: "none", logLevel: "warning", charset: "utf8", ...more });
  for (const path of Object.keys(result.metafile.inputs)) {
    const found = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (found) used.add(found[1]);
  }
}

// `@import "kern:tokens"`: of KERN's variables exactly those that our style sheets name, and those they rest on.
function kernTokens() {
  return {
    name: "kern-tokens",
    setup(builder) {
      builder.onResolve({ filter: /^kern:tokens$/ }, () => ({ path: "tokens", namespace: "kern" }));
      builder.onLoad({ filter: /.*/, namespace: "kern" }, () => ({ contents: trimmedKern(), loader: "css" }));
    },
  };
}

function trimmedKern() {
  used.add("@kern-ux/native");
  const sheet = readFileSync(join(packages, "@kern-ux/native/dist/kern.css"), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const wide = [...sheet.matchAll(/@media \(min-width: 768px\) \{\s*:root \{([^}]*)\}/g)].map((hit) => hit[1]).join("");
  const always = [...sheet.matchAll(/^:root \{([^}]*)\}/gm)].map((hit) => hit[1]).join("");
  const values = declarations(always);
  const wideValues = declarations(wide);
  const wanted = new Set();
  const want = (text) => {
    for (const [name] of text.matchAll(/--kern-[a-z0-9-]+/g)) {
      if (wanted.has(name) || !values.has(name)) continue;
      wanted.add(name);
      want(values.get(name) + " " + (wideValues.get(name) ?? ""));
    }
  };
  for (const path of readdirSync(join(assets, "css"), { recursive: true }))
    if (path.endsWith(".css")) want(readFileSync(join(assets, "css", path), "utf8"));
  const rule = (from) => `:root{${[...wanted].filter((name) => from.has(name)).map((name) => `${name}:${from.get(name)}`).join(";")}}`;
  return `${rule(values)}@media (min-width: 768px){${rule(wideValues)}}`;
}

function declarations(text) {
  return new Map([...text.matchAll(/(--kern-[a-z0-9-]+):\s*([^;]+);/g)].map((hit) => [hit[1], hit[2].trim()]));
}

function copyFiles() {
  mkdirSync(join(out, "fonts"), { recursive: true });
  for (const [name, files] of Object.entries(fonts)) {
    used.add(name);
    for (const file of files) cpSync(join(packages, name, "files", file), join(out, "fonts", file));
  }
  cpSync(join(assets, "images"), join(out, "images"), { recursive: true });
}

function licences() {
  const parts = [...used].sort().map((name) => {
    const about = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
    const file = readdirSync(join(packages, name)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file && existsSync(join(packages, name, file)) ? readFileSync(join(packages, name, file), "utf8") : "";
    return `${name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
  });
  return `Third-party software and fonts in this folder, with their licences.\n\n${parts.join(`\n${"-".repeat(78)}\n\n`)}`;
}

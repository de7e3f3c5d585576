// Builds one SVG sprite: our own shapes, and of Lucide only the icons that templates, Python and TypeScript name.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import type { Plugin } from "vite";
import { ALWAYS, SHAPES } from "./shapes.ts";

const LUCIDE = join(import.meta.dirname, "../node_modules/lucide-static/icons");
const PACKAGE = join(import.meta.dirname, "../../kitestring");
const SOURCE = join(import.meta.dirname, "../src");
const SKIP = new Set(["static", "tests", "locale", "migrations", "__pycache__", "node_modules"]);
const KNOWN = new Set(readdirSync(LUCIDE).map((file) => file.replace(/\.svg$/, "")));
const EXPRESSION = /\{[{%][\s\S]*?[%}]\}/g;
const QUOTED = /["']([a-z][a-z0-9-]*)["']/g;
const CERTAIN = /\bicon(?:_after)?(?:=|\()["']([a-z][a-z0-9-]+)["']/g;

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return SKIP.has(name) ? [] : files(path);
    return [".html", ".py", ".ts"].includes(extname(name)) ? [path] : [];
  });
}

/** Where a text speaks of icons, every quoted word that is a Lucide name is taken: a few too many cost nothing. */
function spoken(path: string, text: string): string[] {
  const parts = path.endsWith(".html") ? (text.match(EXPRESSION) ?? []) : [text];
  return parts.filter((part) => /ico/.test(part)).flatMap((part) => [...part.matchAll(QUOTED)].map((match) => match[1]!));
}

function wanted(warn: (text: string) => void): Set<string> {
  const names = new Set(ALWAYS);
  for (const path of [...files(PACKAGE), ...files(SOURCE)]) {
    const text = readFileSync(path, "utf8");
    for (const name of spoken(path, text)) if (KNOWN.has(name)) names.add(name);
    for (const match of text.matchAll(CERTAIN)) {
      if (!KNOWN.has(match[1]!)) warn(`${path}: Lucide has no icon "${match[1]}"; the page will show a gap.`);
    }
  }
  return names;
}

function symbol(name: string): string {
  const text = readFileSync(join(LUCIDE, `${name}.svg`), "utf8");
  const inner = text.slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.lastIndexOf("</svg>"));
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

export function sprite(): Plugin {
  return {
    name: "kitestring-sprite",
    generateBundle() {
      const icons = [...wanted((text) => this.warn(text))].sort().map(symbol);
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${SHAPES}${icons.join("")}</svg>`;
      this.emitFile({ type: "asset", name: "sprite.svg", originalFileName: "sprite.svg", source });
    },
  };
}

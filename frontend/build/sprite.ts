// Builds one SVG sprite: our own shapes, and of Lucide only the icons that templates, Python and TypeScript name.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import type { Plugin } from "vite";
import { ALWAYS, SHAPES } from "./shapes.ts";

const LUCIDE = join(import.meta.dirname, "../node_modules/lucide-static/icons");
const PACKAGE = join(import.meta.dirname, "../../kitestring");
const SOURCE = join(import.meta.dirname, "../src");
// "icon" is also a word in type names; these are no icons of Lucide.
const NOT = new Set(["shape", "none"]);
const SKIP = new Set(["static", "tests", "locale", "migrations", "__pycache__", "node_modules"]);
const NAMED = [
  /\bicon(?:_of|_after)?\s*=?\s*\(?\s*["']([a-z][a-z0-9-]+)["']/g,
  /["']icon["']\s*:\s*["']([a-z][a-z0-9-]+)["']/g,
  /\bui\.(?:ico|load)\([^"']*(?:_\()?["'][^"']*["']\)?,\s*["']([a-z][a-z0-9-]+)["']/g,
];

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return SKIP.has(name) ? [] : files(path);
    return [".html", ".py", ".ts"].includes(extname(name)) ? [path] : [];
  });
}

function wanted(): Set<string> {
  const names = new Set(ALWAYS);
  for (const path of [...files(PACKAGE), ...files(SOURCE)]) {
    const text = readFileSync(path, "utf8");
    for (const pattern of NAMED) for (const match of text.matchAll(pattern)) if (!NOT.has(match[1]!)) names.add(match[1]!);
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
      const icons: string[] = [];
      for (const name of [...wanted()].sort()) {
        try {
          icons.push(symbol(name));
        } catch {
          this.warn(`Lucide has no icon "${name}"; the page will show a gap.`);
        }
      }
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${SHAPES}${icons.join("")}</svg>`;
      this.emitFile({ type: "asset", name: "sprite.svg", originalFileName: "sprite.svg", source });
    },
  };
}

// Builds the interface into the Python package. Every file in src/islands is an entry of its own: a new island is a new file.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { defineConfig } from "vite";
import { compress } from "./build/compress.ts";
import { woff2Only } from "./build/fonts.ts";
import { sprite } from "./build/sprite.ts";

const here = import.meta.dirname;
const out = join(here, "../kitestring/ui/static/ui");
const folder = join(here, "src/islands");
const islands = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));

export default defineConfig({
  base: "/static/ui/",
  publicDir: false,
  plugins: [woff2Only(), sprite(), compress(out)],
  build: {
    outDir: out,
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox128", "safari17.5"],
    rollupOptions: {
      input: {
        app: join(here, "src/app.ts"),
        zh: join(here, "src/zh.ts"),
        ...Object.fromEntries(islands.map((name) => [`islands/${basename(name, ".ts")}`, join(folder, name)])),
      },
    },
  },
});

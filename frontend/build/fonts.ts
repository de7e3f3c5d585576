// Fontsource lists each face as woff2 and woff; every browser we serve reads woff2, so the second copy stays out of the wheel.
import type { Plugin } from "vite";

export function woff2Only(): Plugin {
  return {
    name: "kitestring-woff2-only",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("@fontsource") || !id.includes(".css")) return null;
      return code.replace(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, "");
    },
  };
}

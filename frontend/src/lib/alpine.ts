// Alpine (CSP build) for small local state. A component is a file in src/alpine: its name is its x-data name.
import Alpine from "@alpinejs/csp";

type Component = (...args: unknown[]) => Record<string, unknown>;
const parts = import.meta.glob<{ default: Component }>("../alpine/*.ts", { eager: true });

export function startAlpine(): void {
  for (const [path, part] of Object.entries(parts)) {
    Alpine.data(path.replace(/^.*\/|\.ts$/g, ""), part.default);
  }
  Alpine.start();
}

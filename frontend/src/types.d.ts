declare module "@alpinejs/csp" {
  const Alpine: { data(name: string, make: (...args: unknown[]) => Record<string, unknown>): void; start(): void };
  export default Alpine;
}
declare module "htmx.org/dist/htmx.esm.js" {
  const htmx: { process(element: Element): void; ajax(verb: string, path: string, options?: unknown): Promise<void>; trigger(element: Element, name: string, detail?: unknown): void };
  export default htmx;
}
declare module "htmx.org/dist/ext/hx-sse.js";

// <form data-shelf="name"> that saves itself by htmx: what was typed lies in this browser until the server has it, and
// comes back after a lost line, a closed tab or an ended session. The version typed on comes back with it, so that what
// somebody else saved meanwhile is not overwritten.
import { layAside } from "../lib/data";
import { all } from "../lib/dom";
import { toast } from "./toasts";

type Detail = { ctx?: { sourceElement?: Element; response?: { status: number } } };
const sent = new WeakMap<HTMLFormElement, string | null>();
const key = (form: HTMLFormElement): string => `kitestring:${form.dataset.shelf}`;

function formOf(event: Event): HTMLFormElement | null {
  const source = (event as CustomEvent<Detail>).detail?.ctx?.sourceElement ?? event.target;
  return source instanceof Element ? source.closest<HTMLFormElement>("form[data-shelf]") : null;
}

function keep(form: HTMLFormElement): void {
  const typed = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  layAside(key(form), JSON.stringify(typed));
}

/** Write the kept words back; gives one field that differs from what the page brought. */
function restore(form: HTMLFormElement, kept: [string, string][]): HTMLElement | null {
  let differs: HTMLElement | null = null;
  for (const [name, value] of kept) {
    const field = form.elements.namedItem(name) as HTMLInputElement | RadioNodeList | null;
    if (!field || field.value === value) continue;
    field.value = value;
    if (name !== "version") differs = form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`);
  }
  return differs;
}

function rescue(form: HTMLFormElement): void {
  const kept = localStorage.getItem(key(form));
  if (kept === null) return;
  const page = (form.elements.namedItem("version") as HTMLInputElement | null)?.value;
  const differs = restore(form, JSON.parse(kept) as [string, string][]);
  if (differs) {
    if (form.dataset.rescued) toast({ text: form.dataset.rescued });
    differs.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  localStorage.removeItem(key(form));
  const version = form.elements.namedItem("version") as HTMLInputElement | null;
  if (version && page) version.value = page;
}

export function startShelf(): void {
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form[data-shelf]") : null;
    if (form) keep(form);
  });
  document.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    if (form) sent.set(form, localStorage.getItem(key(form)));
  });
  document.addEventListener("htmx:after:request", (event) => {
    const form = formOf(event);
    const status = (event as CustomEvent<Detail>).detail?.ctx?.response?.status ?? 500;
    if (form && status < 400 && localStorage.getItem(key(form)) === sent.get(form)) localStorage.removeItem(key(form));
  });
  // After htmx, whose own timer was set before, has set the page up; so that the words that came back are saved at once.
  setTimeout(() => all<HTMLFormElement>("form[data-shelf]").forEach(rescue));
}

// <form data-shelf="thing:id:member"> that saves itself by htmx: what was typed lies in this browser until the server has
// it, and comes back to the member who typed it, after a lost line, a closed tab or an ended session. The version typed on
// comes back with it, so that what somebody else saved meanwhile is not overwritten; and the page's own sign ("tab"), so
// that what it saved itself is known for its own though the answer never came.
import { layAside } from "../lib/data";
import { all } from "../lib/dom";
import { toast } from "./toasts";

type Request = { body: BodyInit | null; submitter?: HTMLElement | null };
type Detail = { ctx?: { sourceElement?: Element; request?: Request; response?: { status: number } } };
const sent = new WeakMap<HTMLFormElement, string | null>();
const FACTS = ["version", "tab"];
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
    if (!FACTS.includes(name)) differs = form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`);
  }
  return differs;
}

/** What waited for the answer before it leaves as the form stands now: with its newest words, and what that answer said. */
function refill(form: HTMLFormElement, request?: Request): void {
  if (!(request?.body instanceof URLSearchParams)) return;
  request.body = new URLSearchParams([...new FormData(form, request.submitter)].filter((one): one is [string, string] => typeof one[1] === "string"));
}

/** What the page brought of the facts beside the words. */
function factsOf(form: HTMLFormElement): [HTMLInputElement, string][] {
  const found = FACTS.map((name) => form.elements.namedItem(name)).filter((one) => one instanceof HTMLInputElement);
  return found.map((one) => [one, one.value]);
}

function rescue(form: HTMLFormElement): void {
  const kept = localStorage.getItem(key(form));
  if (kept === null) return;
  const page = factsOf(form);
  const differs = restore(form, JSON.parse(kept) as [string, string][]);
  if (differs) {
    if (form.dataset.rescued) toast({ text: form.dataset.rescued });
    differs.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  localStorage.removeItem(key(form));
  for (const [field, value] of page) field.value = value;
}

export function startShelf(): void {
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form[data-shelf]") : null;
    if (form) keep(form);
  });
  document.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    if (!form) return;
    refill(form, (event as CustomEvent<Detail>).detail?.ctx?.request);
    sent.set(form, localStorage.getItem(key(form)));
  });
  document.addEventListener("htmx:after:request", (event) => {
    const form = formOf(event);
    const status = (event as CustomEvent<Detail>).detail?.ctx?.response?.status ?? 500;
    if (form && status < 400 && localStorage.getItem(key(form)) === sent.get(form)) localStorage.removeItem(key(form));
  });
  // After htmx, whose own timer was set before, has set the page up; so that the words that came back are saved at once.
  setTimeout(() => all<HTMLFormElement>("form[data-shelf]").forEach(rescue));
}

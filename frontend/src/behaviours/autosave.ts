// Autosave: <form data-autosave="saved-id"> with hx-post and hx-trigger="input delay:800ms" says Saving, Saved 10:12, or Not saved.
import { byId, fill } from "../lib/dom";

const RETRY = 4000;
type Detail = { ctx?: { sourceElement?: Element; response?: { status: number } } };

function formOf(event: Event): HTMLFormElement | null {
  const source = (event as CustomEvent<Detail>).detail?.ctx?.sourceElement ?? event.target;
  return source instanceof Element ? source.closest<HTMLFormElement>("form[data-autosave]") : null;
}

function say(form: HTMLFormElement, word: "saving" | "done" | "lost"): void {
  const note = byId(form.dataset.autosave ?? "");
  if (!note) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  note.textContent = fill(note.dataset[word] ?? "", { time });
  note.classList.toggle("lost", word === "lost");
  form.dataset.dirty = word === "done" ? "" : "1";
}

function retry(form: HTMLFormElement): void {
  say(form, "lost");
  setTimeout(() => form.isConnected && form.dataset.dirty && form.dispatchEvent(new Event("input", { bubbles: true })), RETRY);
}

export function startAutosave(): void {
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form[data-autosave]") : null;
    if (form) form.dataset.dirty = "1";
  });
  document.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    if (form) say(form, "saving");
  });
  document.addEventListener("htmx:after:request", (event) => {
    const form = formOf(event);
    const status = (event as CustomEvent<Detail>).detail?.ctx?.response?.status ?? 0;
    if (!form) return;
    if (status < 400) say(form, "done");
    else if (status >= 500) retry(form);
    else say(form, "lost");
  });
  document.addEventListener("htmx:error", (event) => {
    const form = formOf(event);
    if (form) retry(form);
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector('form[data-autosave][data-dirty="1"]')) event.preventDefault();
  });
}

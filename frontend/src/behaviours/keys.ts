// One-letter keys: data-key="e" on a button is pressed by E; J and K walk through [data-rows] > [data-row]; "/" opens search.
// A letter meant for the page must never end in somebody's words: a field with data-leave="thread" is left by Escape, and
// by sending, for the part it names; and while an answer leaves, or the part a field stands in is still on its way
// (inert), letters do nothing, save that the field asked for is entered once it is there.
import { all, byId, isTyping } from "../lib/dom";
import { openDialog } from "./dialogs";

function rows(): HTMLElement[] {
  return all("[data-rows] [data-row]").filter((row) => row.offsetParent !== null);
}

function walk(by: number): void {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.classList.contains("at") || row.classList.contains("on"));
  const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
  list.forEach((row) => row.classList.toggle("at", row === next));
  next?.scrollIntoView({ block: "nearest" });
  const target = next?.matches("a, button") ? next : next?.querySelector<HTMLElement>("a, button");
  target?.focus({ preventScroll: true });
  if (next?.dataset.row === "open") target?.click();
}

let awaited = "";

function press(key: string): boolean {
  const scope = document.querySelector("[data-row].at");
  const matches = `[data-key="${CSS.escape(key)}"]`;
  const button = scope?.querySelector<HTMLElement>(matches) ?? all(matches).find((found) => found.offsetParent !== null);
  if (!button || button.hasAttribute("disabled")) return false;
  const field = /^(INPUT|TEXTAREA)$/.test(button.tagName);
  if (button.closest("[inert]")) awaited = field ? key : "";
  else if (field) button.focus();
  else button.click();
  return true;
}

/** Out of the field, to the part it names: there the letters are keys again. */
export function leave(field: Element | null | undefined): void {
  if (!(field instanceof HTMLElement) || !field.dataset.leave) return;
  field.blur();
  byId(field.dataset.leave)?.focus({ preventScroll: true });
}

/** The part a key waited for has come, or will not come. */
function arrive(): void {
  if (!awaited || document.querySelector("[inert]")) return;
  const key = awaited;
  awaited = "";
  if (!isTyping(document.activeElement)) press(key);
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open], .menu:popover-open")) return;
    const key = event.key.toLowerCase();
    if (key.length === 1 && (awaited || document.querySelector("form[data-send].htmx-request"))) event.preventDefault();
    else if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
    else if (key === "/") openDialog("palette");
    else if (key.length !== 1 || !press(key)) return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.target instanceof HTMLElement && event.target.dataset.leave) leave(event.target);
  });
  for (const name of ["htmx:after:swap", "htmx:finally:request"]) document.addEventListener(name, () => setTimeout(arrive));
  // Send with Ctrl or Cmd and Enter from any text area of a form marked for it; a button with data-onward says that the
  // next one is to open.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.repeat || event.isComposing) return;
    const form = event.target instanceof HTMLElement ? event.target.closest<HTMLFormElement>("form[data-send]") : null;
    form?.requestSubmit(form.querySelector<HTMLButtonElement>("button[data-onward]"));
  });
}

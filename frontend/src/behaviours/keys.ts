// One-letter keys: data-key="e" on a button is pressed by E; J and K walk through [data-rows] > [data-row]; "/" opens search.
import { all, isTyping } from "../lib/dom";
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

function press(key: string): boolean {
  const scope = document.querySelector("[data-row].at");
  const matches = `[data-key="${CSS.escape(key)}"]`;
  const button = scope?.querySelector<HTMLElement>(matches) ?? all(matches).find((found) => found.offsetParent !== null);
  if (!button || button.hasAttribute("disabled")) return false;
  if (/^(INPUT|TEXTAREA)$/.test(button.tagName)) button.focus();
  else button.click();
  return true;
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open], .menu:popover-open")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
    else if (key === "/") openDialog("palette");
    else if (key.length !== 1 || !press(key)) return;
    event.preventDefault();
  });
  // Send with Ctrl or Cmd and Enter from any text area of a form marked for it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    const form = event.target instanceof HTMLElement ? event.target.closest<HTMLFormElement>("form[data-send]") : null;
    form?.requestSubmit();
  });
}

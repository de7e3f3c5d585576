// A text longer than a post may be. A browser needs a minute to lay out a million letters, so what is pasted or dropped and
// does not fit is not put in: it is told, with its beginning and what can be done. What was typed beyond the limit stays.
import { all, byId, fill } from "../lib/dom";
import { notice, say } from "./saving";

type Field = HTMLTextAreaElement | HTMLInputElement;
const SHOWN = 2000;
const root = byId("composer");
const limit = Number(root?.dataset.longest ?? Infinity);

/** In characters as the server counts them: a pair of UTF-16 units is one. */
export function lengthOf(text: string): number {
  return text.length > limit * 2 ? text.length : [...text].length;
}

export function tooLong(text: string): boolean {
  return text.length > limit && lengthOf(text) > limit;
}

function figures(text: string): Record<string, string> {
  const lang = document.documentElement.lang;
  const n = lengthOf(text);
  return { n: n.toLocaleString(lang), limit: limit.toLocaleString(lang), over: (n - limit).toLocaleString(lang) };
}

/** The text in the field is not saved until it fits; nothing else of the page waits for that. */
export function tellLong(area: Field): void {
  say("unsaved");
  notice("refused", fill(root?.dataset.long ?? "", figures(area.value)), () => tooLong(area.value));
}

function show(message: string, text: string): HTMLElement | null {
  const place = notice("long", fill(message, figures(text)));
  const shown = place?.querySelector("[data-beginning]");
  if (shown) shown.textContent = `${text.slice(0, SHOWN)} …`;
  place?.querySelector("[data-copy]")?.addEventListener("click", () => void navigator.clipboard?.writeText(text).catch(() => undefined));
  place?.querySelector("[data-away]")?.addEventListener("click", () => place.replaceChildren());
  return place;
}

/** Words of an earlier visit that never fitted: the post stays as it is until the person decides. */
export function showLeft(text: string, forget: () => void): void {
  const place = show(root?.dataset.leftLong ?? "", text);
  place?.querySelector("[data-put]")?.remove();
  place?.querySelector("[data-away]")?.addEventListener("click", forget);
}

function arriving(event: InputEvent): string {
  return event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
}

function put(area: Field, text: string): void {
  const room = limit - lengthOf(area.value);
  area.focus();
  area.setRangeText([...text.slice(0, room * 2)].slice(0, Math.max(0, room)).join(""), area.selectionStart ?? 0, area.selectionStart ?? 0, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function refuse(event: InputEvent, area: Field): void {
  const text = arriving(event);
  const whole = area.value.length - ((area.selectionEnd ?? 0) - (area.selectionStart ?? 0)) + text.length;
  if (whole <= limit || !/^insertFrom/.test(event.inputType)) return;
  event.preventDefault();
  const place = show(root?.dataset.pastedLong ?? "", text);
  place?.querySelector("[data-put]")?.addEventListener("click", () => {
    place.replaceChildren();
    put(area, text);
  });
}

export function startLong(): void {
  for (const area of all<HTMLTextAreaElement>("textarea[data-key]")) area.addEventListener("beforeinput", (event) => refuse(event, area));
}

// What others do meanwhile: the parts that say how far the post is are asked for anew while somebody looks. What is out
// already is shown as out wherever its account stands, and its words can be read and copied there, not written.
import { all, byId } from "../lib/dom";

const EVERY = 15_000;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const locked = new Set<Field>();

/** What is chosen and not written cannot be read only. */
function chosen(field: Field): boolean {
  return field instanceof HTMLSelectElement || field.type === "checkbox";
}

function lock(field: Field): void {
  if (locked.has(field) || (chosen(field) ? field.disabled : (field as HTMLInputElement).readOnly)) return;
  if (chosen(field)) field.disabled = true;
  else (field as HTMLInputElement).readOnly = true;
  locked.add(field);
}

function unlock(field: Field): void {
  if (chosen(field)) field.disabled = false;
  else (field as HTMLInputElement).readOnly = false;
  locked.delete(field);
}

/** Nobody's words are locked under the hand: who writes there goes on, and is told beside it what it reaches. */
function fieldsOf(root: ParentNode): Field[] {
  return all<Field>("input, textarea, select", root).filter((field) => field !== document.activeElement || chosen(field));
}

function place(name: "state" | "place", of: string, source: Element | undefined | null): void {
  for (const spot of all(`[data-${name}-of="${CSS.escape(of)}"]`)) if (source && spot.innerHTML !== source.innerHTML) spot.replaceChildren(...[...source.childNodes].map((node) => node.cloneNode(true)));
}

/** Called whenever parts of the page came anew. */
export function showLive(): void {
  const live = byId("live");
  const over = live?.hasAttribute("data-over") ?? false;
  const out = all("[data-of]", live ?? document).map((one) => one.dataset.of ?? "");
  byId("composer")?.toggleAttribute("data-over", over);
  for (const of of out) {
    place("state", of, live?.querySelector(`[data-of="${CSS.escape(of)}"]`));
    place("place", of, live?.querySelector(`[data-link-of="${CSS.escape(of)}"]`));
  }
  // What a person has to publish by hand: its words are still theirs to write.
  for (const turn of all("[data-turn]", live ?? document)) {
    const of = turn.dataset.turn ?? "";
    place("state", of, turn);
    place("place", of, live?.querySelector(`[data-link-of="${CSS.escape(of)}"]`));
  }
  const closed = all("[data-panel]").filter((panel) => out.includes(panel.dataset.panel ?? "") || (over && panel.dataset.panel === "source"));
  for (const panel of all("[data-panel]")) panel.toggleAttribute("data-closed", closed.includes(panel));
  const wanted = new Set(closed.flatMap(fieldsOf));
  if (over) for (const root of all(".topbar, #part-media")) fieldsOf(root).forEach((field) => wanted.add(field));
  for (const field of locked) if (!wanted.has(field)) unlock(field);
  wanted.forEach(lock);
}

const ACTS = "#acts-desk, #acts-phone";
let held: Element | null = null;

/** Who stands on a button that is drawn anew stands on the one that took its place. */
function hold(): void {
  held = document.activeElement?.closest(ACTS) ?? null;
}

function restore(): void {
  if (held && document.activeElement === document.body) (held.querySelector<HTMLElement>("[data-open]") ?? held.querySelector<HTMLElement>("a, button"))?.focus();
  held = null;
}

/** "composer:idle" is for what a person fills in: it is not drawn anew under the hand. */
function tick(): void {
  if (document.visibilityState !== "visible") return;
  document.body.dispatchEvent(new CustomEvent("composer:tick"));
  if (!byId<HTMLDialogElement>("schedule")?.open) document.body.dispatchEvent(new CustomEvent("composer:idle"));
}

/** What somebody has begun to fill in stays under the hand, whenever what was asked for comes back. */
function keep(event: Event): void {
  const asked = event.target;
  if (!(asked instanceof Element) || !asked.matches("#schedule[open] [hx-get$='/deliveries/']")) return;
  const typed = all<HTMLInputElement>("input:not([type=checkbox], [type=radio])", asked).some((field) => field.value !== field.defaultValue);
  if (typed) event.preventDefault();
}

export function startLive(): void {
  document.addEventListener("visibilitychange", tick);
  window.setInterval(tick, EVERY);
  document.addEventListener("htmx:before:swap", keep);
  document.addEventListener("htmx:before:swap", hold);
  // The button that opened the dialog may have been drawn anew while it stood open: there is nowhere to go back to.
  document.addEventListener("close", () => window.setTimeout(() => {
    if (document.activeElement === document.body) all("[data-open=schedule]").find((one) => one.checkVisibility())?.focus();
  }), true);
  document.addEventListener("htmx:after:swap", () => {
    restore();
    showLive();
  });
  showLive();
}

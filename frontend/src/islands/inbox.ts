// The inbox: marks the open row, asks for news while somebody looks, keeps the rail's figure true and an unsent answer safe.
import { leave } from "../behaviours/keys";
import { toast } from "../behaviours/toasts";
import { layAside } from "../lib/data";
import { all, byId, on } from "../lib/dom";

const EVERY = 15_000;
const PAGE = 50;
const PLACES = '.rail a.nav[href="/inbox/"], .bottom [data-nav="inbox"]';
const shelf = (area: HTMLTextAreaElement): string => `answer:${area.dataset.draft ?? ""}`;
type Detail = { ctx?: { sourceElement?: Element; response?: { status: number } } };
const ctxOf = (event: Event) => (event as CustomEvent<Detail>).detail?.ctx;

function mark(): void {
  const open = byId("pane")?.dataset.talk ?? "";
  for (const row of all(".conv")) row.classList.toggle("on", open !== "" && (row.getAttribute("href") ?? "").includes(open));
}

/** The figure beside the place, in the rail and in the phone's bar, as the part that came last tells it. */
function count(part: HTMLElement | null): void {
  const owed = part?.dataset.owed;
  if (owed === undefined) return;
  for (const place of all(PLACES)) {
    const figure = place.querySelector("b.num");
    if (!owed) figure?.remove();
    else if (figure) figure.textContent = owed;
    else place.append(Object.assign(document.createElement("b"), { className: "num", textContent: owed }));
  }
}

function toEnd(): void {
  const thread = byId("thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
}

/** Words typed and not sent come back when the conversation opens again. */
function rescue(): void {
  const area = byId<HTMLTextAreaElement>("answer");
  if (!area || area.value) return;
  const kept = localStorage.getItem(shelf(area));
  if (!kept) return;
  area.value = kept;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function renew(): void {
  if (document.visibilityState !== "visible") return;
  document.body.dispatchEvent(new CustomEvent("inbox:tick"));
  // Whoever has opened further pages keeps their place; the list renews itself with the next deed.
  if (all(".conv").length <= PAGE) document.body.dispatchEvent(new CustomEvent("inbox:renew"));
}

/** A pane came: another conversation, or the same one after a deed, which must not make an unsent answer invisible. */
function arrived(): void {
  const talk = byId("pane")?.dataset.talk ?? "";
  if (talk !== shown || acted) toEnd();
  shown = talk;
  rescue();
  // What was pressed went with the old pane: keys go on from the thread, never from the box.
  if (acted && document.activeElement === document.body) byId("thread")?.focus({ preventScroll: true });
  acted = false;
}

let shown = "";
let acted = false;
let coming: Element | undefined;
let parts = [byId("list"), byId("pane")];
new MutationObserver(() => {
  mark();
  const now = [byId("list"), byId("pane")];
  now.forEach((part, place) => part !== parts[place] && count(part));
  if (now[1] !== parts[1]) arrived();
  parts = now;
}).observe(document.querySelector("[data-inbox]") ?? document.body, { childList: true, subtree: true });

on("input", "#answer", (area) => {
  const field = area as HTMLTextAreaElement;
  if (field.value) layAside(shelf(field), field.value);
  else localStorage.removeItem(shelf(field));
});
// The box is left with the sending: what is typed from here on is meant for the list.
on("submit", "form.reply", (form) => {
  const area = form.querySelector<HTMLTextAreaElement>("textarea");
  if (area) area.readOnly = true;
  leave(area);
});
// The words lie here until the server has them; an answer that was refused, or never arrived, is still there.
document.addEventListener("htmx:after:request", (event) => {
  const ctx = ctxOf(event);
  const area = ctx?.sourceElement?.matches("form.reply") ? ctx.sourceElement.querySelector("textarea") : null;
  if (area && (ctx?.response?.status ?? 500) < 400 && localStorage.getItem(shelf(area)) === area.value) localStorage.removeItem(shelf(area));
});
// While the next conversation is on its way nothing can be done to, or written into, the one that still stands there.
document.addEventListener("htmx:before:request", (event) => {
  const source = ctxOf(event)?.sourceElement;
  acted ||= Boolean(source?.closest("#pane") && source.matches('[hx-target="#pane"]'));
  const pane = byId("pane");
  if (!pane || !source?.matches(".conv")) return;
  coming = source;
  pane.inert = true;
});
document.addEventListener("htmx:finally:request", (event) => {
  const source = ctxOf(event)?.sourceElement;
  const pane = byId("pane");
  if (pane && source && source === coming) pane.inert = false;
  const area = source?.matches("form.reply") ? source.querySelector("textarea") : null;
  if (!area) return;
  area.readOnly = false;
  const lost = (ctxOf(event)?.response?.status ?? 0) >= 500 ? area.form?.dataset.lost : "";
  if (lost) toast({ text: lost, tone: "danger" });
});
document.addEventListener("visibilitychange", renew);
window.setInterval(renew, EVERY);
mark();
toEnd();
rescue();
shown = byId("pane")?.dataset.talk ?? "";

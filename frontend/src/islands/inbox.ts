// The inbox: marks the open row, asks for news while somebody looks, keeps the rail's figure true and an unsent answer safe.
import { layAside } from "../lib/data";
import { all, byId, on } from "../lib/dom";

const EVERY = 15_000;
const PAGE = 50;
const PLACES = '.rail a.nav[href="/inbox/"], .bottom [data-nav="inbox"]';
const shelf = (id: string): string => `answer:${id}`;

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
  const kept = localStorage.getItem(shelf(area.dataset.draft ?? ""));
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

let shown = "";
let parts = [byId("list"), byId("pane")];
new MutationObserver(() => {
  mark();
  const now = [byId("list"), byId("pane")];
  now.forEach((part, place) => part !== parts[place] && count(part));
  parts = now;
  const talk = byId("pane")?.dataset.talk ?? "";
  if (talk === shown) return;
  shown = talk;
  toEnd();
  rescue();
}).observe(document.querySelector("[data-inbox]") ?? document.body, { childList: true, subtree: true });

on("input", "#answer", (area) => {
  const field = area as HTMLTextAreaElement;
  const key = shelf(field.dataset.draft ?? "");
  if (field.value) layAside(key, field.value);
  else localStorage.removeItem(key);
});
on("submit", "form.reply", (form) => {
  const area = form.querySelector<HTMLTextAreaElement>("textarea");
  if (area) localStorage.removeItem(shelf(area.dataset.draft ?? ""));
});
document.addEventListener("visibilitychange", renew);
window.setInterval(renew, EVERY);
mark();
toEnd();
rescue();
shown = byId("pane")?.dataset.talk ?? "";

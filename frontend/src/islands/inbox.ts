// The inbox: marks the open row, asks for news while somebody looks, keeps an unsent answer through a reload.
import { layAside } from "../lib/data";
import { all, byId, on } from "../lib/dom";

const EVERY = 15_000;
const PAGE = 50;
const shelf = (id: string): string => `answer:${id}`;

function mark(): void {
  const open = byId("pane")?.dataset.talk ?? "";
  for (const row of all(".conv")) row.classList.toggle("on", open !== "" && (row.getAttribute("href") ?? "").includes(open));
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
new MutationObserver(() => {
  mark();
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

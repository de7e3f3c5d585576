// Pasting into an article: the plain words go in at once, as the browser does it. What the server reads from their HTML then
// takes their place as one step that can be undone, if they still stand there as they were pasted.
import { send } from "../lib/data";
import { all, byId, on } from "../lib/dom";
import { isArticle, put } from "./article";

type Area = HTMLTextAreaElement;
type Read = { text: string; left: string[] };
const LARGEST = 1_000_000;
const root = byId("composer");

function tell(area: Area, left: string[]): void {
  const note = document.querySelector<HTMLElement>(`[data-pasted="${CSS.escape(area.id)}"]`);
  const list = note?.querySelector("ul");
  if (!note || !list) return;
  list.replaceChildren(...left.map((sentence) => {
    const row = document.createElement("li");
    row.textContent = sentence;
    return row;
  }));
  note.hidden = !left.length;
}

async function mark(area: Area, html: string, start: number, plain: string): Promise<void> {
  const body = new FormData();
  body.set("html", html);
  const answer = await send(root?.dataset.paste ?? "", body).catch(() => null);
  if (!answer?.ok) return;
  const { text, left } = (await answer.json()) as Read;
  if (!area.isConnected || area.readOnly || area.value.slice(start, start + plain.length) !== plain) return;
  tell(area, left);
  if (!text || text === plain.trim()) return;
  const caret = area.selectionEnd;
  put(area, start, start + plain.length, text);
  if (caret > start + plain.length) area.setSelectionRange(caret + text.length - plain.length, caret + text.length - plain.length);
}

function paste(area: HTMLElement, event: ClipboardEvent): void {
  const html = event.clipboardData?.getData("text/html") ?? "";
  if (!isArticle(area) || area.readOnly || !html || html.length > LARGEST || event.defaultPrevented) return;
  const start = area.selectionStart;
  area.addEventListener("input", () => {
    const plain = area.value.slice(start, area.selectionEnd);
    if (plain.trim()) void mark(area, html, start, plain);
  }, { once: true });
}

export function startPasting(): void {
  on("paste", "textarea[name=text]", paste);
  on("click", "[data-pasted] [data-away]", (button) => {
    for (const note of all("[data-pasted]")) if (note.contains(button)) note.hidden = true;
  });
}

// The buttons of an article: they write its marks into the text field, each as one step that the browser can undo.
import { openDialog } from "../behaviours/dialogs";
import { all, byId, on } from "../lib/dom";
import { addFiles } from "./media";

type Area = HTMLTextAreaElement;
const MARK = /^(?:#{1,3}\s+|[-*•]\s+|\d{1,3}[.)]\s+|>\s?)/;
const SORTS: Record<string, { is: RegExp; put: (place: number) => string }> = {
  h2: { is: /^#\s+/, put: () => "# " },
  h3: { is: /^##\s+/, put: () => "## " },
  quote: { is: /^>\s?/, put: () => "> " },
  ul: { is: /^[-*•]\s+/, put: () => "- " },
  ol: { is: /^\d{1,3}[.)]\s+/, put: (place) => `${place + 1}. ` },
};
const root = byId("composer");
let writing: Area | null = null;
let place: { area: Area; at: number } | null = null;

const toolsOf = (area: Element): HTMLElement | null => document.querySelector(`[data-tools="${CSS.escape(area.id)}"]`);

/** Whether an article is written in this field now: it depends on how the account publishes. */
export function isArticle(area: Element | null): area is Area {
  return area instanceof HTMLTextAreaElement && toolsOf(area)?.hidden === false;
}

/** Write over a part of the text, as if it had been typed. */
export function put(area: Area, start: number, end: number, words: string): void {
  area.focus();
  area.setSelectionRange(start, end);
  const done = words ? document.execCommand("insertText", false, words) : start === end || document.execCommand("delete");
  if (done && area.value.slice(start, start + words.length) === words) return;
  area.setRangeText(words, start, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function lineAt(text: string, start: number, end: number): [number, number] {
  const last = text.indexOf("\n", end);
  return [text.lastIndexOf("\n", start - 1) + 1, last < 0 ? text.length : last];
}

/** Each chosen line becomes of this sort; where all are of it already, plain again. */
function sort(area: Area, name: string): void {
  const of = SORTS[name];
  if (!of) return;
  const [start, end] = lineAt(area.value, area.selectionStart, area.selectionEnd);
  const lines = area.value.slice(start, end).split("\n");
  const whole = lines.filter((line) => line.trim());
  const plain = whole.length > 0 && whole.every((line) => of.is.test(line));
  let nth = 0;
  const written = lines.map((line) => (line.trim() || lines.length === 1 ? (plain ? "" : of.put(nth++)) + line.replace(MARK, "") : line)).join("\n");
  put(area, start, end, written);
  area.setSelectionRange(lines.length === 1 ? start + written.length : start, start + written.length);
}

/** The chosen words in bold, each line for itself; what is bold already is so no more. */
function bold(area: Area): void {
  const { value, selectionStart: from, selectionEnd: to } = area;
  const around = value.slice(from - 2, from) === "**" && value.slice(to, to + 2) === "**";
  if (around) {
    put(area, from - 2, to + 2, value.slice(from, to));
    return area.setSelectionRange(from - 2, to - 2);
  }
  const chosen = value.slice(from, to) || (toolsOf(area)?.dataset.words ?? "");
  const inside = chosen.length > 4 && chosen.startsWith("**") && chosen.endsWith("**");
  const written = inside ? chosen.slice(2, -2) : chosen.replace(/[^\s][^\n]*[^\s]|[^\s]/g, "**$&**");
  put(area, from, to, written);
  if (inside || from !== to) area.setSelectionRange(from, from + written.length);
  else area.setSelectionRange(from + 2, from + written.length - 2);
}

/** What is still to be typed is chosen: the address, or, where an address was, its words. */
function link(area: Area): void {
  const { value, selectionStart: from, selectionEnd: to } = area;
  const chosen = value.slice(from, to).replace(/[[\]\n]+/g, " ").trim();
  const words = toolsOf(area)?.dataset.words ?? "";
  const address = /^https?:\/\/\S+$/.test(chosen) ? chosen : "https://";
  const named = address === chosen ? words : chosen || words;
  put(area, from, to, `[${named}](${address})`);
  if (address === chosen) area.setSelectionRange(from + 1, from + 1 + named.length);
  else area.setSelectionRange(from + named.length + 3, from + named.length + 3 + address.length);
}

/** On lines of its own, with one empty line before and after. */
function block(area: Area, mark: string, at = area.selectionEnd): void {
  const before = area.value.slice(0, at).replace(/[ \t]+$/, "");
  const after = area.value.slice(at);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const trail = !after ? "\n\n" : after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  put(area, at, at, lead + mark + trail);
}

/** Pictures of the post, placed where the writing stands. */
function placeAll(area: Area, files: [string, string][], at: number): void {
  const marks = files.map(([id, alt]) => `![${alt.replace(/[[\]\s]+/g, " ").trim()}](file:${id.replaceAll("-", "").slice(-12)})`);
  block(area, marks.join("\n\n"), Math.min(at, area.value.length));
}

async function pictures(address: string, words = ""): Promise<void> {
  const shelf = byId("picks");
  if (!shelf) return;
  const answer = await fetch(`${address}?q=${encodeURIComponent(words)}`, { credentials: "same-origin", headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  shelf.innerHTML = await answer.text();
  if (words) shelf.querySelector<HTMLInputElement>("input")?.focus();
}

function choosePicture(area: Area): void {
  place = { area, at: area.selectionEnd };
  void pictures(root?.dataset.pictures ?? "");
  openDialog("place-picture");
}

function choose(button: HTMLElement): void {
  const id = button.dataset.place ?? "";
  byId<HTMLDialogElement>("place-picture")?.close();
  if (!place) return;
  addFiles([id]);
  placeAll(place.area, [[id, button.dataset.alt ?? ""]], place.at);
}

function press(button: HTMLElement): void {
  const area = byId<Area>(button.closest<HTMLElement>("[data-tools]")?.dataset.tools ?? "");
  if (!area || area.readOnly) return;
  if (area !== writing) area.setSelectionRange(area.value.length, area.value.length);
  const mark = button.dataset.mark ?? "";
  if (mark === "picture") return choosePicture(area);
  if (mark === "bold") bold(area);
  else if (mark === "link") link(area);
  else if (mark === "hr") block(area, "---");
  else sort(area, mark);
}

/** A list goes on with its next line, and ends with an empty one. */
function enter(area: Area, event: KeyboardEvent): void {
  if (area.selectionStart !== area.selectionEnd) return;
  const [start, end] = lineAt(area.value, area.selectionStart, area.selectionEnd);
  const line = area.value.slice(start, area.selectionStart);
  const mark = /^(?:([-*•])\s+|(\d{1,3})([.)])\s+|>\s)/.exec(line);
  if (!mark) return;
  event.preventDefault();
  if (line.length === mark[0].length && area.selectionStart === end) return put(area, start, end, "");
  put(area, area.selectionStart, area.selectionStart, `\n${mark[2] ? `${Number(mark[2]) + 1}${mark[3]} ` : mark[0]}`);
}

function keys(area: Area, event: KeyboardEvent): void {
  if (event.isComposing || !isArticle(area) || area.readOnly) return;
  const plain = !event.altKey && !event.shiftKey;
  if (event.key === "Enter" && plain && !event.ctrlKey && !event.metaKey) enter(area, event);
  if (event.key.toLowerCase() === "b" && plain && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    bold(area);
  }
}

/** One stop for Tab; the arrows go from button to button. */
function walk(bar: HTMLElement, event: KeyboardEvent): void {
  const buttons = all<HTMLButtonElement>("button", bar);
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const step = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
  const next = step === undefined ? undefined : buttons[step % buttons.length];
  if (!next) return;
  event.preventDefault();
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

function show(): void {
  for (const bar of all("[data-tools]")) {
    const area = byId<Area>(bar.dataset.tools ?? "");
    const kinds = (bar.dataset.kinds ?? "").split(" ").filter(Boolean);
    const kind = area?.form?.querySelector<HTMLSelectElement>("select[name=kind]")?.value;
    bar.hidden = !area || area.readOnly || (kind !== undefined && kinds.length > 0 && !kinds.includes(kind));
    all<HTMLButtonElement>("button", bar).forEach((button, nth) => { button.tabIndex = nth ? -1 : 0; });
  }
}

export function startArticle(): void {
  on("click", "[data-mark]", press);
  on("click", "[data-place]", choose);
  on("submit", "[data-find-pictures]", (form, event) => {
    event.preventDefault();
    void pictures(form.dataset.findPictures ?? "", String(new FormData(form as HTMLFormElement).get("q") ?? ""));
  });
  on("focusin", "textarea[name=text]", (area) => { writing = area as Area; });
  on("keydown", "textarea[name=text]", (area, event) => keys(area as Area, event));
  on("keydown", "[data-tools]", walk);
  on("change", "select[name=kind]", show);
  document.addEventListener("composer:parts", show);
  document.addEventListener("composer:added", (event) => {
    const { ids, into } = (event as CustomEvent<{ ids: string[]; into: Element | null }>).detail;
    if (isArticle(into)) placeAll(into, ids.map((id) => [id, ""]), into.selectionEnd);
  });
  show();
}

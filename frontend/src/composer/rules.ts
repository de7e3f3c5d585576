// What rules say of the words: marked where it stands, mended with one press, or excused by an exemption.
import { openDialog } from "../behaviours/dialogs";
import { all, byId, on } from "../lib/dom";
import { enqueue } from "./saving";

type Area = HTMLTextAreaElement | HTMLInputElement;
type Mark = { start: number; end: number; tone: string; of: string };

const NAMES: Record<string, string> = { text: "text", title: "title", comment: "first_comment" };
const TONES: Record<string, string> = { error: "m-rule", warning: "m-warn", note: "m-voice" };
const NEAR = 400;
const drawn = new WeakMap<HTMLTextAreaElement, { text: string; marks: Mark[] }>();
const unfolded = new Set<string>();

/** Where the words are written: those an account inherits, in the source. */
function areaOf(row: HTMLElement, field = row.dataset.field ?? "text"): Area | null {
  const find = (panel: string) => document.querySelector<Area>(`[data-panel="${CSS.escape(panel)}"] [name="${NAMES[field]}"]`);
  if (field === "title" && row.dataset.ofPanel === "source") return byId<HTMLInputElement>("f-title");
  const own = find(row.dataset.ofPanel ?? "");
  return own?.classList.contains("inherits") ? find("source") : own;
}

/** The row's places in the text as it stands now: what was typed since may have moved them a little. */
function placesOf(row: HTMLElement, text: string): [number, number][] {
  const found = row.dataset.found ?? "";
  const places = (row.dataset.marks ?? "").split(";").filter(Boolean).map((pair) => Number(pair.split(",")[0]));
  const taken = new Set<number>();
  for (const place of places) {
    const near = [text.lastIndexOf(found, place), text.indexOf(found, place)].filter((at) => at >= 0 && !taken.has(at) && Math.abs(at - place) <= NEAR);
    near.sort((a, b) => Math.abs(a - place) - Math.abs(b - place));
    if (near[0] !== undefined) taken.add(near[0]);
  }
  return [...taken].sort((a, b) => a - b).map((at) => [at, at + found.length]);
}

/** As they are marked, which follows the writing; where nothing is marked, as the server told them. */
function standing(row: HTMLElement, area: Area): [number, number][] {
  const seen = area instanceof HTMLTextAreaElement ? drawn.get(area)?.marks.filter((mark) => mark.of === row.dataset.ruled) : undefined;
  return seen?.length ? seen.map(({ start, end }) => [start, end]) : placesOf(row, area.value);
}

function change(area: Area, put: () => void): void {
  put();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function rewrite(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-ruled]");
  const area = row && areaOf(row);
  if (!row || !area || area.readOnly) return;
  const words = button.dataset.rewrite ?? "";
  change(area, () => {
    for (const [start, end] of standing(row, area).reverse()) {
      // What is taken out leaves no two blanks behind.
      const blank = !words && /\s/.test(area.value[end] ?? "") && (start === 0 || /\s/.test(area.value[start - 1] ?? ""));
      area.setRangeText(words, start, blank ? end + 1 : end, "end");
    }
  });
}

function begin(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-ruled]");
  const area = row && areaOf(row, "text");
  if (area && !area.readOnly) change(area, () => area.setRangeText(button.dataset.begin ?? "", 0, 0, "end"));
}

/** A document's name, below what is written. */
function write(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-ruled]");
  const area = row && areaOf(row, "text");
  if (!area || area.readOnly) return;
  const end = area.value.trimEnd().length;
  change(area, () => area.setRangeText(`${end ? "\n" : ""}${button.dataset.write ?? ""}`, end, area.value.length, "end"));
}

/** What the post is, said with one press; its switch stands among the others and can be taken back there. */
function declare(button: HTMLElement): void {
  const declared = byId<HTMLInputElement>(`about-${button.dataset.declare ?? ""}`);
  if (!declared || declared.disabled || declared.checked) return;
  const about = declared.closest("details");
  if (about) about.open = true;
  declared.click();
}

function ask(button: HTMLElement): void {
  const form = button.closest<HTMLElement>("[data-ruled]")?.querySelector<HTMLTemplateElement>("template");
  const place = byId("exempt-form");
  if (!form || !place) return;
  place.replaceChildren(form.content.cloneNode(true));
  openDialog("exempt");
}

function send(body: FormData, told?: (message: string) => void): Promise<boolean> {
  return enqueue({ url: byId("composer")?.dataset.exempt ?? "", body: () => body, ...(told && { told }) });
}

async function claim(form: HTMLFormElement): Promise<void> {
  const place = form.querySelector<HTMLElement>("[data-refused]");
  const kept = await send(new FormData(form), (message) => {
    if (!place) return;
    place.textContent = message;
    place.hidden = false;
  });
  if (kept) byId<HTMLDialogElement>("exempt")?.close();
  else if (place?.hidden) Object.assign(place, { textContent: byId("kept")?.textContent ?? "", hidden: false });
}

function takeBack(button: HTMLElement): void {
  const body = new FormData();
  body.set("rule", button.dataset.rule ?? "");
  body.set("words", button.dataset.words ?? "");
  body.set("drop", "1");
  void send(body);
}

function paint(area: HTMLTextAreaElement, marks: Mark[]): void {
  const layer = area.parentElement?.querySelector<HTMLElement>(".marklayer");
  if (!layer || (!marks.length && !layer.firstChild)) return;
  layer.lang = area.lang;
  const pieces: Node[] = [];
  let at = 0;
  for (const { start, end, tone } of marks) {
    if (start < at) continue;
    const mark = document.createElement("span");
    mark.className = tone;
    mark.textContent = area.value.slice(start, end);
    pieces.push(document.createTextNode(area.value.slice(at, start)), mark);
    at = end;
  }
  layer.replaceChildren(...pieces);
}

/** As the server told them. */
export function draw(): void {
  const rows = all("#part-counts [data-ruled][data-field=text]");
  for (const area of all<HTMLTextAreaElement>(".marked > textarea")) {
    const panel = area.closest<HTMLElement>("[data-panel]")?.dataset.panel;
    const mine = rows.filter((row) => row.dataset.ofPanel === panel && TONES[row.dataset.tone ?? ""]);
    const marks = mine.flatMap((row) => placesOf(row, area.value).map(([start, end]) => ({ start, end, tone: TONES[row.dataset.tone ?? ""] ?? "", of: row.dataset.ruled ?? "" })));
    marks.sort((a, b) => a.start - b.start || b.end - a.end);
    drawn.set(area, { text: area.value, marks });
    paint(area, marks);
  }
  for (const part of all<HTMLDetailsElement>("[data-keeps]")) part.open = unfolded.has(part.dataset.keeps ?? "");
}

/** Until the server has read what was typed: marks before it stay, those after it move along, one under the hand is gone. */
function follow(area: HTMLTextAreaElement): void {
  const before = drawn.get(area);
  if (!before) return;
  const [old, text] = [before.text, area.value];
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  const moved = text.length - old.length;
  const marks = before.marks.flatMap((mark) => {
    if (mark.end <= head) return [mark];
    if (mark.start >= old.length - tail) return [{ ...mark, start: mark.start + moved, end: mark.end + moved }];
    return [];
  });
  drawn.set(area, { text, marks });
  paint(area, marks);
}

/** To the words where they stand, chosen and in sight. */
function goTo(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-ruled]");
  const area = row && areaOf(row);
  const [first] = row && area ? standing(row, area) : [];
  if (!area || !first) return;
  document.querySelector<HTMLElement>("[data-ptab=text]")?.click();
  document.querySelector<HTMLElement>(`[data-show="${CSS.escape(area.closest<HTMLElement>("[data-panel]")?.dataset.panel ?? "")}"]`)?.click();
  area.focus({ preventScroll: true });
  area.setSelectionRange(...first);
  const words = area.value.slice(...first);
  const mark = all("span", area.parentElement ?? document).find((each) => each.textContent === words);
  (mark ?? area).scrollIntoView({ block: "center" });
}

export function startRules(): void {
  on("click", "[data-rewrite]", rewrite);
  on("click", "[data-goto]", goTo);
  on("click", "[data-begin]", begin);
  on("click", "[data-write]", write);
  on("click", "[data-declare]", declare);
  on("click", "[data-exempt]", ask);
  on("click", "[data-unexempt]", takeBack);
  on("submit", "form[data-claim]", (form, event) => {
    event.preventDefault();
    void claim(form as HTMLFormElement);
  });
  on("input", ".marked > textarea", (area) => follow(area as HTMLTextAreaElement));
  document.addEventListener("toggle", ({ target }) => {
    if (!(target instanceof HTMLDetailsElement) || !target.dataset.keeps || !target.isConnected) return;
    if (target.open) unfolded.add(target.dataset.keeps);
    else unfolded.delete(target.dataset.keeps);
  }, true);
  document.addEventListener("composer:parts", draw);
  draw();
}

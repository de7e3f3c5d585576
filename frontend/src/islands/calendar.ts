// The calendar's moves: drag a post to another day (or hour), shift it with Alt and the arrows, or press M for the dialog.
// The post moves at once; the server says whether it may, and sends the toast with its undo, or the reason and it goes back.
// One that stays (it is out, or on its way) says why when it is dragged or a key asks for it: the sentence of the refusal.
import { openDialog } from "../behaviours/dialogs";
import { toast } from "../behaviours/toasts";
import { send } from "../lib/data";
import { all, on } from "../lib/dom";
import { htmx } from "../lib/htmx";

const DAY = 86_400_000;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const TOLD = "kitestring:moved";

const calendar = document.querySelector<HTMLElement>("[data-calendar]");
let dragged: HTMLElement | null = null;
let asked: HTMLElement | null = null;

function cellOf(day: string, hour?: string): HTMLElement | null {
  const week = document.querySelector(`.slotcell[data-day="${day}"]`) !== null;
  const place = week && hour ? `.slotcell[data-day="${day}"][data-hour="${hour}"]` : `.day[data-day="${day}"]`;
  return document.querySelector<HTMLElement>(place);
}

function say(html: string): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  const holder = document.createElement("div");
  holder.innerHTML = html;
  const told = holder.querySelector<HTMLElement>(".toast");
  if (!told) return;
  place.append(told);
  htmx.process(told);
}

/** A page drawn anew still says what was done, with its undo. */
function sayAfterwards(html: string): void {
  try {
    sessionStorage.setItem(TOLD, html);
  } catch {
    // Without a store the move is seen all the same.
  }
  location.reload();
}

function sayWhatWasDone(): void {
  try {
    const html = sessionStorage.getItem(TOLD);
    sessionStorage.removeItem(TOLD);
    if (html) say(html);
  } catch {
    // No store, nothing was laid there.
  }
}

function settle(chip: HTMLElement, cell: HTMLElement): void {
  const after = all<HTMLElement>(":scope > .ev1", cell).find(
    (other) => other !== chip && (other.querySelector(".tm")?.textContent ?? "") > (chip.dataset.time ?? ""),
  );
  if (after) cell.insertBefore(chip, after);
  else cell.insertBefore(chip, cell.querySelector(":scope > .evmore, :scope > .foot"));
}

interface Place {
  day: string;
  time: string;
  cell: HTMLElement | null;
}

/** Where the server last said a chip stands, and the move that is under way: the next one of the same chip waits for it. */
const stands = new WeakMap<HTMLElement, Place>();
const underWay = new WeakMap<HTMLElement, Promise<void>>();
const latest = new WeakMap<HTMLElement, Place>();

function put(chip: HTMLElement, place: Place): void {
  Object.assign(chip.dataset, { day: place.day, time: place.time });
  const clock = chip.querySelector(".tm");
  if (!place.cell) return;
  if (clock) clock.textContent = place.time;
  settle(chip, place.cell);
  chip.focus();
}

function move(chip: HTMLElement, day: string, time: string): void {
  const here: Place = { day: chip.dataset.day ?? "", time: chip.dataset.time ?? "", cell: chip.parentElement };
  if (day === here.day && time === here.time) return;
  const grid = chip.matches(".ev1");
  if (!grid) here.cell = null;
  const there: Place = { day, time, cell: grid ? cellOf(day, time.slice(0, 2)) : null };
  if (!underWay.has(chip)) stands.set(chip, here);
  latest.set(chip, there);
  put(chip, there);
  const turn = (underWay.get(chip) ?? Promise.resolve()).then(() => post(chip, there));
  underWay.set(chip, turn);
  void turn.finally(() => {
    if (underWay.get(chip) === turn) underWay.delete(chip);
  });
}

/** The server's word on one move. What was moved on meanwhile is not put back: its own answer follows. */
async function post(chip: HTMLElement, place: Place): Promise<void> {
  const { day, time, cell } = place;
  const body = new URLSearchParams({ day, time });
  const answer = await send(chip.dataset.move ?? "", body).catch(() => null);
  const html = answer ? await answer.text().catch(() => "") : "";
  if (answer?.ok) {
    stands.set(chip, place);
    // Gone from what is drawn: the page is drawn anew, after the last of several moves.
    if (!cell) return latest.get(chip) === place ? sayAfterwards(html) : undefined;
    say(html);
    tell(`${cell.dataset.name ?? day} ${time}`);
    return;
  }
  const before = stands.get(chip);
  if (before && latest.get(chip) === place) put(chip, before);
  if (html) say(html);
  else toast({ text: calendar?.dataset.unheard ?? "", tone: "danger" });
  tell(calendar?.dataset.refused ?? "");
}

function tell(text: string): void {
  const place = document.querySelector<HTMLElement>("[data-said]");
  if (place) place.textContent = text;
}

const reasons = JSON.parse(calendar?.dataset.why ?? "{}") as Record<string, string>;

function sayWhyItStays(chip: HTMLElement): void {
  const text = reasons[chip.dataset.stays ?? ""];
  if (!text) return;
  all("#toasts [data-why]").forEach((earlier) => earlier.remove());
  toast({ text, tone: "warn" });
  document.querySelector<HTMLElement>("#toasts > :last-child")?.setAttribute("data-why", "");
}

function shifted(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY).toISOString().slice(0, 10);
}

function ask(chip: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>("[data-move-form]");
  if (!form) return;
  asked = chip;
  const title = form.querySelector("[data-move-title]");
  if (title) title.textContent = chip.dataset.title ?? chip.querySelector(".tt")?.textContent ?? "";
  (form.elements.namedItem("day") as HTMLInputElement).value = chip.dataset.day ?? "";
  (form.elements.namedItem("time") as HTMLInputElement).value = chip.dataset.time ?? "";
  openDialog("move-entry");
}

function startDrag(): void {
  on("dragstart", ".ev1[data-move]", (chip, event) => {
    dragged = chip;
    chip.classList.add("dragging");
    event.dataTransfer?.setData("text/plain", chip.dataset.day ?? "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  });
  on("dragstart", ".ev1[data-stays]", (chip, event) => {
    event.preventDefault();
    sayWhyItStays(chip);
  });
  on("dragend", ".ev1", (chip) => {
    dragged = null;
    chip.classList.remove("dragging");
    all(".over").forEach((cell) => cell.classList.remove("over"));
  });
  on("dragover", ".day, .slotcell", (cell, event) => {
    if (!dragged) return;
    event.preventDefault();
    if (!cell.classList.contains("over")) {
      all(".over").forEach((other) => other.classList.remove("over"));
      cell.classList.add("over");
    }
  });
  on("drop", ".day, .slotcell", (cell, event) => {
    const chip = dragged;
    if (!chip) return;
    event.preventDefault();
    const minute = (chip.dataset.time ?? "09:00").slice(3);
    const time = cell.dataset.hour ? `${cell.dataset.hour}:${minute}` : (chip.dataset.time ?? "");
    move(chip, cell.dataset.day ?? "", time);
  });
}

function startKeys(): void {
  on("keydown", ".ev1[data-move]", (chip, event) => {
    const by = STEPS[event.key];
    if (event.altKey && by !== undefined) {
      event.preventDefault();
      const to = shifted(chip.dataset.day ?? "", by);
      move(chip, to, chip.dataset.time ?? "");
    } else if (event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      ask(chip);
    }
  });
  on("keydown", ".ev1[data-stays]", (chip, event) => {
    const letter = event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey;
    if (!letter && !(event.altKey && event.key in STEPS)) return;
    event.preventDefault();
    sayWhyItStays(chip);
  });
  on("click", "button[data-move]", (button) => ask(button));
}

function startDialog(): void {
  on("submit", "[data-move-form]", (form, event) => {
    event.preventDefault();
    const given = new FormData(form as HTMLFormElement);
    form.closest("dialog")?.close();
    if (asked) move(asked, String(given.get("day")), String(given.get("time")));
  });
}

/** The phone gets the list alone next time; a desk that was taken for a phone gets its grid back. */
function rememberWidth(): void {
  const narrow = matchMedia("(max-width: 640px)").matches;
  const known = document.cookie.includes("narrow=1");
  if (narrow === known) return;
  document.cookie = `narrow=${narrow ? 1 : 0}; path=/; max-age=31536000; SameSite=Lax`;
  if (!narrow && calendar?.hasAttribute("data-narrow")) location.reload();
}

if (calendar) {
  rememberWidth();
  sayWhatWasDone();
  startDrag();
  startKeys();
  startDialog();
}

// Live counts under text areas: characters of data-limit, lines of data-bulk.
import { all, fill, on } from "../lib/dom";

// As the server reads a list: what stands before an item is no part of it.
const BULLET = /^\s*(?:[-*•·–—▪●○◦]+|\(?\d{1,3}[.)、．）:]|[①-⑳])\s*/u;
// What two lines may differ in and still say the same, as the server folds them.
const NOT_WORD = /[\p{P}\p{S}\p{Z}\p{C}]+/gu;
const segmenter = new Intl.Segmenter();

/** Characters as a person sees them: an emoji with its skin tone is one. */
export function characters(text: string): number {
  return /^[\x20-\x7e\n]*$/.test(text) ? text.length : [...segmenter.segment(text)].length;
}

function words(line: string): string {
  const folded = line.normalize("NFKC").toLowerCase();
  return folded.replace(NOT_WORD, "") || folded.trim();
}

function lineCount(area: HTMLTextAreaElement): void {
  const note = document.querySelector<HTMLElement>(`[data-bulk-for="${CSS.escape(area.id)}"]`);
  if (!note) return;
  const lines = area.value.split("\n").map((line) => line.replace(BULLET, "").trim()).filter(Boolean);
  const limit = Number(area.dataset.bulk);
  const same = lines.length - new Set(lines.map(words)).size;
  const over = lines.length > limit;
  const text = over ? note.dataset.over : same === 1 ? note.dataset.one : same ? note.dataset.some : note.dataset.plain;
  note.textContent = fill(text ?? "", { n: lines.length, limit, same });
  note.classList.toggle("warn", over);
}

function letterCount(area: HTMLTextAreaElement): void {
  const note = document.querySelector<HTMLElement>(`[data-count-for="${CSS.escape(area.id)}"]`);
  if (!note) return;
  note.dataset.words ??= note.textContent ?? "";
  const count = characters(area.value);
  note.textContent = note.dataset.words.replace(/\d[\d.,\u00a0 ]*/, `${count.toLocaleString(document.documentElement.lang)} `);
  note.classList.toggle("danger", count > Number(area.dataset.limit));
}

export function startCounts(): void {
  on("input", "textarea[data-bulk]", (area) => lineCount(area as HTMLTextAreaElement));
  on("input", "textarea[data-limit]", (area) => letterCount(area as HTMLTextAreaElement));
  for (const area of all<HTMLTextAreaElement>("textarea[data-bulk]")) if (area.value) lineCount(area);
}

// The hand-off page: copy what a button names, share or save the files in order, paste the proof. What a browser cannot do is not
// offered; where copying is not allowed (a page without https) the old way is tried, and else the text stands selected.
import { all, fill, on } from "../lib/dom";
import { toast } from "../behaviours/toasts";

// Browsers inside other apps: most save no files there, and lead nowhere else.
const IN_APP = /MicroMessenger|QQ\/|Weibo|aweme|NewsArticle|xhsdiscover|Kwai|ZhihuHybrid|FBA[NV]|Instagram|Line\/|Zalo/i;
const APART = 700; // ms between two downloads: browsers drop what comes at once

let taken: File[] = []; // fetched for sharing, kept: a share may need a second tap

function oldCopy(): boolean {
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

async function copyFrom(button: HTMLElement): Promise<void> {
  const field = document.getElementById(button.dataset.copyFrom ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!oldCopy()) return;
  }
  const said = document.querySelector<HTMLElement>("[data-hand-off]")?.dataset.copied;
  if (said) toast({ text: said, tone: "good" });
}

async function pasteTo(button: HTMLElement): Promise<void> {
  const field = document.getElementById(button.dataset.pasteTo ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  try {
    const text = await navigator.clipboard.readText();
    if (text) field.value = text.replace(/\s+/g, " ").trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } catch {
    // Not allowed: the field has the focus, and the keyboard pastes.
  }
}

function links(place: ParentNode): HTMLAnchorElement[] {
  return all<HTMLAnchorElement>("a[data-file]", place);
}

/** The name the server saves it under: numbered, with the ending of what it is. */
function nameOf(answer: Response, link: HTMLAnchorElement): string {
  const said = answer.headers.get("Content-Disposition") ?? "";
  const wide = /filename\*=utf-8''([^;]+)/i.exec(said)?.[1];
  const plain = /filename="([^"]+)"/i.exec(said)?.[1];
  return wide ? decodeURIComponent(wide) : (plain ?? link.href.split("/").filter(Boolean).pop() ?? "file");
}

async function fetched(place: HTMLElement): Promise<File[]> {
  const wanted = links(place);
  if (taken.length === wanted.length) return taken;
  const said = place.querySelector<HTMLElement>("[data-taken]");
  const files: File[] = [];
  for (const link of wanted) {
    if (said) said.textContent = fill(place.dataset.taking ?? "", { n: files.length + 1, all: wanted.length });
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const body = await answer.blob();
    files.push(new File([body], nameOf(answer, link), { type: body.type }));
  }
  if (said) said.textContent = "";
  taken = files;
  return files;
}

async function share(button: HTMLElement): Promise<void> {
  const place = button.closest<HTMLElement>("[data-files]");
  if (!place) return;
  try {
    const files = await fetched(place);
    if (!navigator.canShare({ files })) throw new Error("not to be shared");
    await navigator.share({ files });
  } catch (error) {
    // Closed by the person; or the tap is too long ago after a long download: the files are here, and the next tap shares them.
    if (error instanceof DOMException && (error.name === "AbortError" || error.name === "NotAllowedError")) return;
    const said = place.querySelector<HTMLElement>("[data-taken]");
    if (said) said.textContent = place.dataset.lost ?? "";
  }
}

function saveAll(button: HTMLElement): void {
  const place = button.closest<HTMLElement>("[data-files]");
  if (place) links(place).forEach((link, place_) => setTimeout(() => link.click(), place_ * APART));
}

function offer(selector: string): void {
  all(selector).forEach((button) => {
    button.hidden = false;
    const row = button.closest<HTMLElement>("[data-takeall]");
    if (row) row.hidden = false;
  });
}

function sharesFiles(): boolean {
  const sample = new File(["x"], "x.png", { type: "image/png" });
  return typeof navigator.canShare === "function" && navigator.canShare({ files: [sample] });
}

on("click", "[data-copy-from]", (button) => void copyFrom(button));
on("click", "[data-paste-to]", (button) => void pasteTo(button));
on("click", "[data-share-files]", (button) => void share(button));
on("click", "[data-save-files]", (button) => saveAll(button));
if (sharesFiles()) offer("[data-share-files]");
offer("[data-save-files]");
if (typeof navigator.clipboard?.readText === "function") offer("[data-paste-to]");
if (IN_APP.test(navigator.userAgent)) all("[data-in-app]").forEach((told) => (told.hidden = false));

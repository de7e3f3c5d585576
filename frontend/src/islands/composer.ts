// The composer: one open tab, saves while typing, previews and counts from the server.
import { aside, type Aside, forget, leftBehind, openTabs } from "../composer/aside";
import { showLive, startLive } from "../composer/live";
import { startArticle } from "../composer/article";
import { startPasting } from "../composer/pasting";
import { draw, startRules } from "../composer/rules";
import { startMedia } from "../composer/media";
import { showLeft, startLong, tellLong, tooLong } from "../composer/long";
import { enqueue, layWords, onVersion, say } from "../composer/saving";
import { giveBack, take, touch, touched, untouch } from "../composer/touched";
import { toast } from "../behaviours/toasts";
import { all, byId, on } from "../lib/dom";

const PAUSE = 350;
// What is long takes the server and the previews longer than a breath between two words.
const LONG_PAUSE = 1200;
const LONG = 20_000;
// The air over the preview that a tab brings to the top.
const ABOVE = 16;
const timers = new Map<HTMLFormElement, number>();
type Kept = HTMLTextAreaElement | HTMLInputElement;
let writing: Element | null = null;
let open = location.hash.slice(1) || "source";

function show(): void {
  if (!all("[data-panel]").some((p) => p.dataset.panel === open)) open = "source";
  for (const panel of all("[data-panel]")) panel.hidden = panel.dataset.panel !== open;
  for (const part of all("[data-with]")) part.hidden = part.dataset.with !== open;
  for (const tab of all("[data-show]")) {
    tab.classList.toggle("on", tab.dataset.show === open);
    tab.setAttribute("aria-pressed", String(tab.dataset.show === open));
  }
  for (const box of all("[data-preview]")) box.classList.toggle("chosen", box.dataset.preview === open);
  for (const fill of all("[data-fill]")) fill.style.width = `${fill.dataset.fill}%`;
  showLive();
  for (const look of all("[data-colour]")) look.style.setProperty("--channel", look.dataset.colour ?? "");
  byId("composer")?.setAttribute("data-ready", "");
}

/** Beside the words of an account stands its preview; beside the source, all from the first on. */
function followTab(): void {
  const column = document.querySelector<HTMLElement>(".colp");
  const box = document.querySelector<HTMLElement>(`[data-preview="${CSS.escape(open)}"]`);
  if (column) column.scrollTop += box ? box.getBoundingClientRect().top - column.getBoundingClientRect().top - ABOVE : -column.scrollTop;
}

/** Among twenty accounts the chosen one may lie outside its list: it is brought in, and nothing else moves. */
function bringTab(): void {
  const tab = document.querySelector<HTMLElement>("#part-tabs .on")?.getBoundingClientRect();
  for (const list of [document.querySelector<HTMLElement>(".colv"), byId("part-tabs")]) {
    if (!tab || !list) continue;
    const around = list.getBoundingClientRect();
    if (tab.top < around.top || tab.bottom > around.bottom) list.scrollTop += tab.top - around.top - (around.height - tab.height) / 2;
    if (tab.left < around.left || tab.right > around.right) list.scrollLeft += tab.left - around.left - (around.width - tab.width) / 2;
  }
}

/** Only what the person changed: a form holds more, and the server may have settled the rest since (the files, the kind). */
function saveForm(form: HTMLFormElement): void {
  clearTimeout(timers.get(form));
  timers.delete(form);
  const back = (sent: FormData) => giveBack(form, sent);
  void enqueue({ url: form.dataset.save ?? "", body: () => take(form, tooLong), back, form }).then((kept) => kept && mirror(form));
}

/** Each text is marked with the language it is in, or with the source's: browsers choose the font by it. */
function speak(): void {
  const chosen = (panel: Element | null) => panel?.querySelector<HTMLSelectElement>("select[name=language]")?.value;
  const source = chosen(document.querySelector("[data-panel=source]")) ?? "";
  for (const area of all<HTMLTextAreaElement>("textarea[data-key]")) area.lang = chosen(area.form) || source;
}

/** What inherits the source shows the source's words at once. */
function mirror(form: HTMLFormElement): void {
  if (form.dataset.panel !== "source") return;
  const text = form.querySelector<HTMLTextAreaElement>("textarea")?.value ?? "";
  for (const area of all<HTMLTextAreaElement>("textarea.inherits")) area.value = text;
  draw();
}

function typed(field: HTMLElement): void {
  const form = field.closest<HTMLFormElement>("form[data-save]");
  if (!form) return;
  if ((field as HTMLInputElement).type === "checkbox") return;
  touch(form, (field as HTMLInputElement).name);
  const { key } = field.dataset;
  const words = (field as Kept).value;
  if (key) layWords(key, words);
  if (field instanceof HTMLTextAreaElement && field.name === "text") {
    field.classList.remove("inherits");
    const back = form.querySelector<HTMLElement>("[data-inherit]");
    if (back) back.hidden = false;
  }
  clearTimeout(timers.get(form));
  if (tooLong(words)) return tellLong(field as Kept);
  say("saving");
  timers.set(form, window.setTimeout(() => saveForm(form), words.length > LONG ? LONG_PAUSE : PAUSE));
}

function inherit(button: HTMLElement): void {
  const form = button.closest<HTMLFormElement>("form[data-save]");
  const area = form?.querySelector<HTMLTextAreaElement>("textarea[name=text]");
  if (!form || !area) return;
  const title = form.querySelector<HTMLInputElement>("input[name=title]");
  area.classList.add("inherits");
  area.value = byId<HTMLTextAreaElement>("t-source")?.value ?? "";
  if (title) title.value = byId<HTMLInputElement>("f-title")?.value ?? "";
  untouch(form, "text", "title");
  button.hidden = true;
  for (const field of all("[data-key]:not([name=first_comment])", form)) forget(field.dataset.key ?? "");
  const body = () => {
    const asked = new FormData();
    asked.set("inherit", "1");
    return asked;
  };
  void enqueue({ url: form.dataset.save ?? "", body });
}

/** The cure beside what is too long: the switch of its account is turned on, and stands under the hand. */
function postAsThread(button: HTMLElement): void {
  const panel = document.querySelector<HTMLElement>(`[data-panel="${CSS.escape(button.dataset.thread ?? "")}"]`);
  const box = panel?.querySelector<HTMLInputElement>("input[name=sequence]");
  if (!box || box.disabled) return;
  open = button.dataset.thread ?? open;
  show();
  followTab();
  bringTab();
  box.checked = true;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  box.focus();
}

/** The phone shows one of three: the text, the preview, the checks. */
function turnTo(tab: string): void {
  const comp = document.querySelector<HTMLElement>(".comp");
  if (comp) comp.dataset.tab = tab;
  byId("composer")?.setAttribute("data-shown", tab);
  if (tab === "preview") followTab();
  for (const other of all("[data-ptab]")) other.classList.toggle("on", other.dataset.ptab === tab);
}

/** Put a sign where the writing stands in the open text, after a space if a word ends there. */
function insert(sign: string): void {
  turnTo("text");
  const area = document.querySelector<HTMLTextAreaElement>("[data-panel]:not([hidden]) textarea[name=text]");
  if (!area || area.readOnly) return;
  const at = area === writing ? area.selectionStart : area.value.length;
  const end = area === writing ? area.selectionEnd : at;
  const gap = at && !/\s/.test(area.value[at - 1] ?? "") ? " " : "";
  area.focus();
  area.setRangeText(gap + sign, at, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Words typed here and never saved come back, and are saved on the version they were written on. */
function bringBack(area: Kept, kept: Aside | null): void {
  const key = area.dataset.key ?? "";
  if (kept === null) return;
  if (kept.text === area.value) return forget(key);
  if (tooLong(kept.text)) return showLeft(kept.text, () => forget(key));
  area.value = kept.text;
  area.closest("details")?.setAttribute("open", "");
  onVersion(kept);
  toast({ text: byId("composer")?.dataset.rescued ?? "" });
  typed(area);
}

/** This tab's words (a reload, a lost line) at once; those of a tab that is gone (a crash) unless somebody writes already. */
async function rescue(): Promise<void> {
  const areas = all<Kept>("[data-key]").filter((area) => !area.readOnly);
  for (const area of areas) bringBack(area, aside(area.dataset.key ?? ""));
  const open = await openTabs();
  for (const area of areas) if (!touched(area) && !aside(area.dataset.key ?? "")) bringBack(area, leftBehind(area.dataset.key ?? "", open));
}

if (byId("composer")) {
  on("click", "[data-show]", (tab) => {
    open = tab.dataset.show ?? "source";
    history.replaceState(null, "", `#${open}`);
    show();
    followTab();
    bringTab();
  });
  on("click", "[data-ptab]", (tab) => turnTo(tab.dataset.ptab ?? "text"));
  on("focusin", "textarea[name=text]", (area) => { writing = area; });
  on("click", "[data-to-text]", () => turnTo("text"));
  on("click", "[data-insert]", (button) => insert(button.dataset.insert ?? ""));
  on("click", "[data-inherit]", inherit);
  on("input", "form[data-save] textarea, form[data-save] input", typed);
  on("click", "[data-thread]", postAsThread);
  on("change", "form[data-save] select, form[data-save] input[type=checkbox]", (field) => {
    const form = field.closest<HTMLFormElement>("form[data-save]");
    if (!form) return;
    if ((field as HTMLSelectElement).name === "kind") for (const words of all(".explains", form)) words.hidden = words.dataset.kind !== (field as HTMLSelectElement).value;
    if ((field as HTMLSelectElement).name === "language") speak();
    touch(form, (field as HTMLSelectElement).name);
    saveForm(form);
  });
  on("submit", "form[data-save]", (form, event) => {
    event.preventDefault();
    saveForm(form as HTMLFormElement);
  });
  addEventListener("pagehide", () => timers.forEach((_, form) => saveForm(form)));
  document.addEventListener("composer:parts", show);
  startMedia();
  startLong();
  startArticle();
  startPasting();
  startRules();
  show();
  followTab();
  bringTab();
  startLive();
  void rescue();
}

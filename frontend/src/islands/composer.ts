// The composer: one open tab, saves while typing, previews and counts from the server.
import { startMedia } from "../composer/media";
import { enqueue, say, shelf } from "../composer/saving";
import { layAside } from "../lib/data";
import { all, byId, on } from "../lib/dom";

const PAUSE = 350;
const timers = new Map<HTMLFormElement, number>();
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
  for (const look of all("[data-colour]")) look.style.setProperty("--channel", look.dataset.colour ?? "");
  byId("composer")?.setAttribute("data-ready", "");
}

function saveForm(form: HTMLFormElement, only?: string): void {
  clearTimeout(timers.get(form));
  timers.delete(form);
  const body = new FormData(form);
  const area = form.querySelector<HTMLTextAreaElement>("[data-key]");
  if (area?.classList.contains("inherits")) body.delete("text");
  if (only) for (const name of [...body.keys()]) if (name !== only && name !== "csrfmiddlewaretoken") body.delete(name);
  void enqueue({ url: form.dataset.save ?? "", body, key: area?.dataset.key, text: area?.value }).then((kept) => kept && mirror(form));
}

/** What inherits the source shows the source's words at once. */
function mirror(form: HTMLFormElement): void {
  if (form.dataset.panel !== "source") return;
  const text = form.querySelector<HTMLTextAreaElement>("textarea")?.value ?? "";
  for (const area of all<HTMLTextAreaElement>("textarea.inherits")) area.value = text;
}

function typed(field: HTMLElement): void {
  const form = field.closest<HTMLFormElement>("form[data-save]");
  if (!form) return;
  if (field instanceof HTMLTextAreaElement) {
    field.classList.remove("inherits");
    layAside(shelf(field.dataset.key ?? ""), field.value);
    const back = form.querySelector<HTMLElement>("[data-inherit]");
    if (back) back.hidden = false;
  }
  say("saving");
  clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => saveForm(form), PAUSE));
}

function inherit(button: HTMLElement): void {
  const form = button.closest<HTMLFormElement>("form[data-save]");
  const area = form?.querySelector<HTMLTextAreaElement>("textarea");
  if (!form || !area) return;
  clearTimeout(timers.get(form));
  const body = new FormData();
  body.set("inherit", "1");
  area.classList.add("inherits");
  area.value = byId<HTMLTextAreaElement>("t-source")?.value ?? "";
  button.hidden = true;
  localStorage.removeItem(shelf(area.dataset.key ?? ""));
  void enqueue({ url: form.dataset.save ?? "", body });
}

/** The phone shows one of three: the text, the preview, the checks. */
function turnTo(tab: string): void {
  const comp = document.querySelector<HTMLElement>(".comp");
  if (comp) comp.dataset.tab = tab;
  byId("composer")?.setAttribute("data-shown", tab);
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

/** Words typed here and never saved (a crash, a lost line) come back, and are saved again. */
function rescue(): void {
  for (const area of all<HTMLTextAreaElement>("textarea[data-key]")) {
    const kept = localStorage.getItem(shelf(area.dataset.key ?? ""));
    if (kept === null || area.readOnly) continue;
    if (kept === area.value) localStorage.removeItem(shelf(area.dataset.key ?? ""));
    else {
      area.value = kept;
      const place = byId("trouble");
      const template = byId<HTMLTemplateElement>("refused");
      if (place && template) {
        place.replaceChildren(template.content.cloneNode(true));
        const words = place.querySelector("[data-message]");
        if (words) words.textContent = byId("composer")?.dataset.rescued ?? "";
      }
      typed(area);
    }
  }
}

if (byId("composer")) {
  on("click", "[data-show]", (tab) => {
    open = tab.dataset.show ?? "source";
    history.replaceState(null, "", `#${open}`);
    show();
  });
  on("click", "[data-ptab]", (tab) => turnTo(tab.dataset.ptab ?? "text"));
  on("focusin", "textarea[name=text]", (area) => { writing = area; });
  on("click", "[data-to-text]", () => turnTo("text"));
  on("click", "[data-insert]", (button) => insert(button.dataset.insert ?? ""));
  on("click", "[data-inherit]", inherit);
  on("input", "form[data-save] textarea, form[data-save] input", typed);
  on("change", "form[data-save] select", (field) => {
    const form = field.closest<HTMLFormElement>("form[data-save]");
    for (const words of all(".explains", form ?? document)) words.hidden = words.dataset.kind !== (field as HTMLSelectElement).value;
    if (form) saveForm(form, (field as HTMLSelectElement).name);
  });
  on("submit", "form[data-save]", (form, event) => {
    event.preventDefault();
    saveForm(form as HTMLFormElement);
  });
  addEventListener("pagehide", () => timers.forEach((_, form) => saveForm(form)));
  document.addEventListener("composer:parts", show);
  startMedia();
  show();
  rescue();
}

// What the browser would say of a field in a bubble of its own, in its own language, is said beside the field in the page's
// words and language; nothing typed is lost, and the first such field has the focus. A page that comes back with an error
// begins at its field.
import { all, byId } from "../lib/dom";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const isField = (target: unknown): target is Field => target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

function sentence(field: Field, model: HTMLElement): string {
  const said = model.dataset;
  const { valueMissing, typeMismatch, badInput } = field.validity;
  if (field.dataset.needed && (valueMissing || typeMismatch)) return field.dataset.needed;
  if (valueMissing) return (/^(checkbox|radio)$/.test(field.type) ? said.tick : field.tagName === "SELECT" ? said.choose : field.type === "file" ? said.file : said.empty) ?? "";
  if (typeMismatch) return (field.type === "email" ? said.email : said.url) ?? "";
  if (badInput) return said.bad ?? "";
  return said.other ?? "";
}

const noteOf = (field: Field): HTMLElement | null => byId(field.dataset.noted ?? "");

function clear(field: Field): void {
  const note = noteOf(field);
  if (!note || !field.validity.valid) return;
  note.remove();
  field.closest(".fld")?.classList.remove("bad");
  field.removeAttribute("aria-invalid");
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== note.id);
  if (others.join("")) field.setAttribute("aria-describedby", others.join(" "));
  else field.removeAttribute("aria-describedby");
  delete field.dataset.noted;
}

function say(field: Field): void {
  const model = byId<HTMLTemplateElement>("needed-model");
  if (!model) return;
  const words = sentence(field, model);
  const known = noteOf(field);
  if (known) {
    known.querySelector("span")!.textContent = words;
    return;
  }
  const note = model.content.firstElementChild?.cloneNode(true) as HTMLElement;
  note.id = `needed-${field.id || field.name}`;
  note.querySelector("span")!.textContent = words;
  const box = field.closest<HTMLElement>(".fld");
  // What the server said of it before is said no more: this is newer.
  box?.querySelectorAll(".err").forEach((old) => old.remove());
  box?.classList.add("bad");
  if (box) box.append(note);
  else (field.closest("label") ?? field).after(note);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [note.id, field.getAttribute("aria-describedby")].filter(Boolean).join(" "));
  field.dataset.noted = note.id;
}

function enter(field: HTMLElement): void {
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
}

export function startNeeded(): void {
  let first: Field | null = null;
  document.addEventListener(
    "invalid",
    (event) => {
      const field = event.target;
      if (!isField(field) || !byId("needed-model")) return;
      event.preventDefault();
      say(field);
      if (first) return;
      first = field;
      setTimeout(() => {
        if (first) enter(first);
        first = null;
      });
    },
    true,
  );
  for (const change of ["input", "change"]) document.addEventListener(change, (event) => isField(event.target) && event.target.dataset.noted && clear(event.target));
  const wrong = all("main [aria-invalid=true]").find((field) => field.checkVisibility());
  if (wrong && document.activeElement === document.body) enter(wrong);
}

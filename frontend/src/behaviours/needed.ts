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
  if (valueMissing) return (field.type === "checkbox" ? said.tick : field.type === "radio" || field.tagName === "SELECT" ? said.choose : field.type === "file" ? said.file : said.empty) ?? "";
  if (typeMismatch) return (field.type === "email" ? said.email : said.url) ?? "";
  if (badInput) return said.bad ?? "";
  return said.other ?? "";
}

// Radio buttons are one question: what is said of them is said once, of their group.
const askedIn = (field: Field): HTMLElement => (field.type === "radio" && field.closest<HTMLElement>("[role=radiogroup]")) || field;
const noteOf = (asked: HTMLElement): HTMLElement | null => byId(asked.dataset.noted ?? "");
// A form may say at its head that nothing went out; it is shown as long as something is missing.
const headOf = (field: Field): HTMLElement | null => field.form?.querySelector<HTMLElement>("[data-unsent]") ?? null;

function clear(field: Field): void {
  const asked = askedIn(field);
  const note = noteOf(asked);
  if (!note || !field.validity.valid) return;
  note.remove();
  field.closest(".fld")?.classList.remove("bad");
  asked.removeAttribute("aria-invalid");
  const others = (asked.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== note.id);
  if (others.join("")) asked.setAttribute("aria-describedby", others.join(" "));
  else asked.removeAttribute("aria-describedby");
  delete asked.dataset.noted;
  const head = headOf(field);
  if (head && field.form?.matches(":valid")) head.hidden = true;
}

function say(field: Field): void {
  const model = byId<HTMLTemplateElement>("needed-model");
  if (!model) return;
  const head = headOf(field);
  if (head) head.hidden = false;
  const words = sentence(field, model);
  const asked = askedIn(field);
  const known = noteOf(asked);
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
  asked.setAttribute("aria-invalid", "true");
  asked.setAttribute("aria-describedby", [note.id, asked.getAttribute("aria-describedby")].filter(Boolean).join(" "));
  asked.dataset.noted = note.id;
}

function enter(wrong: HTMLElement): void {
  const field = wrong.matches("[role=radiogroup]") ? (wrong.querySelector<HTMLElement>("input") ?? wrong) : wrong;
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
}

/** A secret stays in the page when the answer is swapped in: it learns from its surroundings that it was refused. */
function tell(form: HTMLElement): void {
  for (const field of all("[hx-preserve][aria-invalid]", form)) if (!field.closest(".fld.bad")) field.removeAttribute("aria-invalid");
  for (const box of all(".fld.bad", form)) {
    const field = box.querySelector<HTMLElement>("[hx-preserve]:not([aria-invalid=true])");
    if (!field) continue;
    field.setAttribute("aria-invalid", "true");
    const note = box.querySelector(".err[id]");
    if (note) field.setAttribute("aria-describedby", note.id);
  }
}

const wrongIn = (root: ParentNode): HTMLElement | undefined =>
  [...all("[aria-invalid=true]", root), ...all(".err[tabindex]", root)].find((field) => field.checkVisibility());

/** A form that was sent and came back in its own place begins at its first mistake too. */
function startSent(): void {
  let sent = "";
  document.addEventListener("submit", ({ target }) => {
    sent = (target as HTMLElement).id;
  });
  document.addEventListener("htmx:after:swap", () =>
    setTimeout(() => {
      const form = sent ? byId(sent) : null;
      sent = "";
      if (!form) return;
      tell(form);
      const wrong = wrongIn(form);
      if (wrong) enter(wrong);
    }),
  );
}

export function startNeeded(): void {
  startSent();
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
  for (const change of ["input", "change"]) document.addEventListener(change, (event) => isField(event.target) && askedIn(event.target).dataset.noted && clear(event.target));
  // A field that is wrong, or else what is said of the whole form.
  const main = document.querySelector("main");
  const wrong = main ? wrongIn(main) : undefined;
  const begin = (): void => void (wrong && document.activeElement === document.body && enter(wrong));
  begin();
  // An address with a fragment is gone to once the page is there, and takes the focus away.
  if (location.hash) addEventListener("load", () => setTimeout(begin));
}

// Things a page knows to do itself: a link that copies itself, the browser's time zone, the chosen tab in sight.
import { all, byId, on } from "../lib/dom";
import { toast } from "./toasts";

async function copy(field: HTMLInputElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // Not allowed here: the text stands selected, Ctrl C does it.
  }
  if (field.dataset.copied) toast({ text: field.dataset.copied, tone: "good" });
}

/** A button far from the field it copies: where copying is not allowed the field comes in sight, its text selected. */
async function copyOf(button: HTMLElement): Promise<void> {
  const field = byId<HTMLInputElement>(button.dataset.copies ?? "");
  if (!field) return;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.focus();
    field.select();
    return;
  }
  if (field.dataset.copied) toast({ text: field.dataset.copied, tone: "good" });
}

/** Fill the field when its list offers this zone, else the hidden guess beside it; what a person then chooses counts. */
function guess(hidden: HTMLInputElement, zone: string): void {
  if (hidden.value) return;
  // Browsers keep old names of some zones; the page brings the present ones.
  const present = JSON.parse(hidden.dataset.zoneNames ?? "{}") as Record<string, string>;
  zone = present[zone] ?? zone;
  const field = byId<HTMLInputElement>(hidden.dataset.zoneGuess ?? "");
  const offered = [...(field?.list?.options ?? [])].some((option) => option.value === zone);
  if (field && offered) field.value = zone;
  hidden.value = field && offered ? "-" : zone;
}

/** A title that grows with its words stays one line of text: Enter saves it, pasted line breaks become spaces. */
function oneLine(area: HTMLTextAreaElement): void {
  if (!/[\r\n]/.test(area.value)) return;
  const at = area.selectionStart;
  area.value = area.value.replace(/[\r\n]+/g, " ");
  area.setSelectionRange(at, at);
}

export function startFields(): void {
  on("input", "textarea[data-one-line]", (area) => oneLine(area as HTMLTextAreaElement));
  on("keydown", "textarea[data-one-line]", (area, event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    (area as HTMLTextAreaElement).form?.requestSubmit();
  });
  on("click", "[data-copy]", (field) => void copy(field as HTMLInputElement));
  on("click", "[data-copies]", (button) => void copyOf(button));
  // Many tabs on a narrow screen: the chosen one is in sight.
  all(".tabs [aria-current]").forEach((tab) => tab.scrollIntoView({ block: "nearest", inline: "center" }));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) all<HTMLInputElement>("input[data-zone-guess]").forEach((hidden) => guess(hidden, zone));
}

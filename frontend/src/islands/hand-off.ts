// The hand-off page: a button copies the text of the field it names; where copying is not allowed the text stands selected.
import { on } from "../lib/dom";
import { toast } from "../behaviours/toasts";

async function copyFrom(button: HTMLElement): Promise<void> {
  const field = document.getElementById(button.dataset.copyFrom ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return;
  }
  const said = document.querySelector<HTMLElement>("[data-hand-off]")?.dataset.copied;
  if (said) toast({ text: said, tone: "good" });
}

on("click", "[data-copy-from]", (button) => void copyFrom(button));

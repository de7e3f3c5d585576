// Native dialogs: data-open="id" opens, data-close or a click beside it closes; Esc and the returned focus are the browser's.
// data-turn="name" shows the part data-side="name" of a dialog in place of its others: what asks again never lies on top.
import { all, byId, on, onCustom } from "../lib/dom";

export function openDialog(id: string): void {
  const dialog = byId<HTMLDialogElement>(id);
  if (!dialog || dialog.open) return;
  // Whoever clears a dialog does it now: the browser's own "toggle" comes when a quick hand has typed already.
  dialog.dispatchEvent(new CustomEvent("dialog:opening"));
  show(dialog);
}

// What is wrong comes first, then the first field; the ✕ stands before them all and is nobody's first wish.
function show(dialog: HTMLDialogElement): void {
  dialog.showModal();
  for (const wanted of ["[aria-invalid=true]", "[autofocus], input:not([type=hidden]), textarea, select"]) {
    const field = dialog.querySelector<HTMLElement>(wanted);
    if (field) return field.focus();
  }
}

function showMarked(root: ParentNode): void {
  for (const dialog of all<HTMLDialogElement>("dialog[data-show]", root)) {
    dialog.removeAttribute("data-show");
    show(dialog);
  }
}

function turn(dialog: ParentNode, side: string): void {
  for (const part of all("[data-side]", dialog)) part.hidden = part.dataset.side !== side;
}

export function startDialogs(): void {
  on("click", "dialog [data-turn]", (button) => {
    const dialog = button.closest("dialog");
    if (!dialog) return;
    turn(dialog, button.dataset.turn ?? "");
    // First the way back: what leaves the house is not one more press of the same key.
    dialog.querySelector<HTMLElement>("[data-side]:not([hidden]) :is(input:not([type=hidden]), button)")?.focus();
  });
  document.addEventListener("close", ({ target }) => {
    const first = target instanceof HTMLDialogElement ? target.querySelector<HTMLElement>("[data-side]") : null;
    if (first) turn(target as HTMLDialogElement, first.dataset.side ?? "");
  }, true);
  on("click", "button[data-open], a[data-open]", (button, event) => {
    event.preventDefault();
    button.closest<HTMLElement>("[popover]")?.hidePopover();
    openDialog(button.dataset.open ?? "");
  });
  on("click", "dialog [data-close]", (button) => button.closest("dialog")?.close());
  document.addEventListener("click", (event) => {
    const dialog = event.target;
    if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return;
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close();
  });
  // The server closes a dialog by the header HX-Trigger: {"closeDialog": {"id": "..."}}.
  onCustom<{ id?: string; value?: string }>("closeDialog", (detail) => {
    byId<HTMLDialogElement>(detail.id ?? detail.value ?? "")?.close();
  });
  document.addEventListener("htmx:after:swap", () => showMarked(document));
  showMarked(document);
}

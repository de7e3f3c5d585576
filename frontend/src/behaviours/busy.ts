// A submitted form cannot be submitted twice: its button is busy until the answer is there, and says so.
import { on } from "../lib/dom";

export function startBusy(): void {
  on("submit", "form:not([hx-post]):not([method=dialog])", (form, event) => {
    const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    if (event.defaultPrevented || !button?.matches(".btn")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) button.querySelector("span")!.textContent = button.dataset.busy;
  });
  // Back to a page kept by the browser: let the form be sent again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll('.btn[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
  });
}

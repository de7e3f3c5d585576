// Toasts say what happened and offer undo. The server sends one by HX-Trigger {"toast": {"text", "tone"}} or as a swapped part.
import { all, byId, on, onCustom } from "../lib/dom";
import { keepClear, settle } from "./clearing";

type Toast = { text: string; tone?: "" | "good" | "warn" | "danger" };
const SHOWN = 6000;
const ANSWERED = 15_000;

function expire(toast: HTMLElement): void {
  if (toast.dataset.timed || toast.classList.contains("danger")) return;
  toast.dataset.timed = "1";
  const close = (): void => {
    if (toast.matches(":hover, :focus-within")) setTimeout(close, 1500);
    else toast.remove();
  };
  setTimeout(close, toast.querySelector("[hx-post]") ? SHOWN * 2 : SHOWN);
}

export function toast({ text, tone = "" }: Toast): void {
  const place = byId("toasts");
  const model = byId<HTMLTemplateElement>("toast-model");
  if (!place || !model) return;
  const part = model.content.firstElementChild?.cloneNode(true) as HTMLElement;
  part.querySelector("[data-text]")!.textContent = text;
  if (tone) part.classList.add(tone);
  part.setAttribute("role", tone === "danger" ? "alert" : "status");
  place.append(part);
  expire(part);
}

export function startToasts(): void {
  on("click", "[data-toast] [data-dismiss]", (button) => {
    const toast = button.closest<HTMLElement>("[data-toast]");
    if (!toast) return;
    // What an undo's answer announces (HX-Trigger) starts at its button: out of sight at once, but there until then.
    toast.hidden = true;
    setTimeout(() => toast.remove(), button.hasAttribute("hx-post") ? ANSWERED : 0);
  });
  onCustom<Toast & { value?: string }>("toast", (detail) => toast({ ...detail, text: detail.text ?? detail.value ?? "" }));
  const place = byId("toasts");
  if (!place) return;
  const changed = (): void => {
    all("[data-toast]", place).forEach(expire);
    settle(place);
  };
  new MutationObserver(changed).observe(place, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  for (const moved of ["resize", "scrollend"]) addEventListener(moved, () => settle(place), { passive: true });
  keepClear(place);
  changed();
  // What never reached the server: said once, in the page's words.
  document.addEventListener("htmx:error", (event) => {
    const error = (event as CustomEvent<{ error?: unknown }>).detail?.error;
    if (error instanceof TypeError && place.dataset.offline) toast({ text: place.dataset.offline, tone: "danger" });
  });
}

// Search and command palette: pages at once from the frame, everything else from the server while typing.
import { all, byId } from "../lib/dom";
import { openDialog } from "./dialogs";

const WAIT = 140;

function visible(box: HTMLElement): HTMLElement[] {
  return all('[role="option"]', box).filter((option) => !option.hidden);
}

function choose(box: HTMLElement, input: HTMLInputElement, index: number): void {
  const options = visible(box);
  const chosen = options[(index + options.length) % options.length];
  all('[aria-selected="true"]', box).forEach((option) => option.removeAttribute("aria-selected"));
  if (!chosen) return input.removeAttribute("aria-activedescendant");
  chosen.id ||= `p-${Math.random().toString(36).slice(2)}`;
  chosen.setAttribute("aria-selected", "true");
  chosen.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", chosen.id);
}

function filterPages(box: HTMLElement, query: string): void {
  for (const option of all("[data-page]", box)) {
    option.hidden = query !== "" && !(option.textContent ?? "").toLocaleLowerCase().includes(query);
  }
}

async function ask(url: string, query: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(`${url}?q=${encodeURIComponent(query)}`, { signal, headers: { "HX-Request": "true" } });
  return answer.ok ? answer.text() : "";
}

export function startPalette(): void {
  const dialog = byId<HTMLDialogElement>("palette");
  const input = dialog?.querySelector<HTMLInputElement>("input");
  const box = dialog?.querySelector<HTMLElement>('[role="listbox"]');
  const found = dialog?.querySelector<HTMLElement>("[data-found]");
  const none = dialog?.querySelector<HTMLElement>("[data-none]");
  if (!dialog || !input || !box || !found || !none) return;
  let timer = 0;
  let running = new AbortController();
  const settle = (): void => {
    none.hidden = visible(box).length > 0;
    choose(box, input, 0);
  };
  const search = async (query: string): Promise<void> => {
    running.abort();
    running = new AbortController();
    try {
      const html = query && dialog.dataset.url ? await ask(dialog.dataset.url, query, running.signal) : "";
      found.innerHTML = html;
    } catch (error) {
      if ((error as Error).name !== "AbortError") found.replaceChildren();
      else return;
    }
    settle();
  };
  input.addEventListener("input", () => {
    const query = input.value.trim().toLocaleLowerCase();
    filterPages(box, query);
    settle();
    clearTimeout(timer);
    timer = window.setTimeout(() => void search(query), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const options = visible(box);
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(box, input, at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      options[Math.max(at, 0)]?.click();
    }
  });
  dialog.addEventListener("dialog:opening", () => {
    clearTimeout(timer);
    running.abort();
    input.value = "";
    filterPages(box, "");
    found.replaceChildren();
    settle();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else openDialog("palette");
    }
  });
}

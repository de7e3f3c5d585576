// Light, dark or the system's: changed at once, remembered on the server and, for signed-out pages, in the browser.
import { all, on } from "../lib/dom";
import { send } from "../lib/data";

function show(theme: string): void {
  document.documentElement.dataset.theme = theme;
  for (const button of all("[data-theme-choice]")) {
    const chosen = button.dataset.themeChoice === theme;
    button.setAttribute("aria-pressed", String(chosen));
    button.classList.toggle("on", chosen);
  }
  document.dispatchEvent(new CustomEvent("ks:theme", { detail: theme }));
}

export function startTheme(): void {
  on("click", "[data-theme-choice]", (button) => {
    const theme = button.dataset.themeChoice ?? "system";
    show(theme);
    const url = button.dataset.themeUrl;
    if (url) void send(url, new URLSearchParams({ theme }));
  });
}

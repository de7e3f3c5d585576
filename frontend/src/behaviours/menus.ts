// Menus are popovers: placed under (or over) their button, moved through with arrows, closed by Esc by the browser.
import { all, on } from "../lib/dom";

const GAP = 4;

function place(menu: HTMLElement, button: HTMLElement): void {
  const box = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = box.bottom + GAP + height <= innerHeight || box.top < height;
  const wanted = menu.dataset.align === "start" ? box.left : box.right - width;
  menu.style.left = `${Math.max(8, Math.min(wanted, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, below ? box.bottom + GAP : box.top - GAP - height)}px`;
}

function step(menu: HTMLElement, by: number): void {
  const items = all(".mi, .seg > button", menu).filter((item) => !item.hasAttribute("disabled"));
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + by + items.length) % items.length]?.focus();
}

export function startMenus(): void {
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!(menu instanceof HTMLElement) || !menu.classList.contains("menu")) return;
      const button = document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`);
      const open = (event as ToggleEvent).newState === "open";
      button?.setAttribute("aria-expanded", String(open));
      if (!open || !button) return;
      place(menu, button);
      menu.querySelector<HTMLElement>(".mi, button")?.focus();
    },
    true,
  );
  on("keydown", ".menu", (menu, event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(menu, event.key === "ArrowDown" ? 1 : -1);
    }
  });
  on("click", ".menu .mi", (item) => item.closest<HTMLElement>("[popover]")?.hidePopover());
  addEventListener("resize", () => all(".menu:popover-open").forEach((menu) => menu.hidePopover()));
}

// Where toasts stand: on nothing that a person may want to press. In the rail's empty part where there is a wide rail; beside a
// folded one in the head of the page; else in the first clear spot up the right edge. On the phone they are a strip over the
// bar, and what hugs the bottom moves up by --toasts meanwhile. What the page draws later under a toast makes it step aside.
import { all } from "../lib/dom";

// What may be pressed, and what is looked at before it is.
const PRESSED = "a[href], button, input:not([type=hidden]), textarea, select, summary, [draggable=true], [data-clear]";
const GAP = 8;
const EDGE = 24;
const WIDTHS = [480, 400, 320];
type Spot = [left: number, top: number];
type Clear = (spot: Spot) => boolean;

const onPhone = (): boolean => matchMedia("(max-width: 640px)").matches;

function pressable(place: HTMLElement): DOMRect[] {
  const found = all(PRESSED).filter((one) => !place.contains(one) && one.checkVisibility());
  return found.map((one) => one.getBoundingClientRect()).filter((box) => box.width > 1 && box.bottom > 0 && box.top < innerHeight);
}

const overlap = (a: DOMRect, b: DOMRect): boolean => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

/** Between the rail's last place and its foot. */
function inRail(place: HTMLElement): boolean {
  const top = document.querySelector(".rail nav")?.getBoundingClientRect();
  const foot = document.querySelector(".rail-foot")?.getBoundingClientRect();
  if (!top || !foot || top.width < 180) return false;
  place.classList.add("in-rail");
  Object.assign(place.style, { left: `${top.left}px`, width: `${top.width}px`, bottom: `${innerHeight - foot.top}px` });
  if (top.bottom + GAP + place.offsetHeight <= foot.top) return true;
  place.classList.remove("in-rail");
  place.removeAttribute("style");
  return false;
}

/** The spots along the head of the page, from its middle. */
function* head(right: number): Generator<Spot> {
  for (let by = 0; by <= right / 2; by += GAP) yield* [[right / 2 + by, GAP], [right / 2 - by, GAP]] as Spot[];
}

/** Those up the right edge, then further in. */
function* edge(right: number, lowest: number): Generator<Spot> {
  for (let left = right; left > 0; left -= 5 * GAP) for (let top = lowest; top > 0; top -= GAP) yield [left, top];
}

function inWindow(place: HTMLElement): void {
  const taken = pressable(place);
  const ways = document.querySelector(".app.mini") ? [head, edge] : [edge];
  for (const way of ways) {
    for (const wide of WIDTHS) {
      place.style.width = `${wide}px`;
      const { offsetWidth: width, offsetHeight: height } = place;
      const clear: Clear = ([left, top]) => !taken.some((box) => overlap(box, new DOMRect(left - GAP / 2, top - GAP / 2, width + GAP, height + GAP)));
      for (const spot of way(document.documentElement.clientWidth - width - EDGE, innerHeight - height - EDGE)) {
        if (!clear(spot)) continue;
        Object.assign(place.style, { left: `${spot[0]}px`, top: `${spot[1]}px`, right: "auto", bottom: "auto" });
        return;
      }
    }
  }
  place.removeAttribute("style");
}

export function settle(place: HTMLElement): void {
  const root = document.documentElement;
  place.classList.remove("in-rail");
  place.removeAttribute("style");
  const phone = onPhone();
  root.style.setProperty("--toasts", phone && place.offsetHeight ? `${Math.ceil(place.getBoundingClientRect().height)}px` : "0px");
  if (phone) document.activeElement?.scrollIntoView({ block: "nearest" });
  else if (place.offsetHeight && !inRail(place)) inWindow(place);
}

/** Settles anew when the page has changed so that something to press lies under it now, or is drawn anew around it. */
export function keepClear(place: HTMLElement): void {
  let asked = 0;
  const look = (): void => {
    asked = 0;
    const here = place.getBoundingClientRect();
    if (!place.offsetHeight || onPhone() || place.matches(":hover, :focus-within")) return;
    if (pressable(place).some((box) => overlap(box, here))) settle(place);
  };
  const changed = (seen: MutationRecord[]): void => {
    if (place.childElementCount && seen.some((one) => !place.contains(one.target))) asked ||= requestAnimationFrame(look);
  };
  new MutationObserver(changed).observe(document.body, { childList: true, subtree: true, attributeFilter: ["class", "hidden", "open"] });
}

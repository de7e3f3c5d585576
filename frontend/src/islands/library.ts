// The library: files that are added, and the point around which a picture is cropped: by tap, arrow keys or the two ranges.
import { csrf } from "../lib/data";
import { all, byId, fill, on } from "../lib/dom";

const STEP = 2;
const KEYS: Record<string, [number, number]> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

function range(name: string): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>(`.focusset [name=${name}]`);
}

/** Where the crop lies, as the server cuts it: the point in its middle, as far as the edge lets. */
function position(focus: number, kept: number): number {
  if (kept >= 1) return 50;
  const first = Math.min(1 - kept, Math.max(0, focus - kept / 2));
  return (100 * first) / (1 - kept);
}

function show(): void {
  const x = Number(range("x")?.value ?? 50);
  const y = Number(range("y")?.value ?? 50);
  const mark = document.querySelector<HTMLElement>(".focusmark");
  if (mark) Object.assign(mark.style, { left: `${x}%`, top: `${y}%` });
  for (const output of all<HTMLOutputElement>("[data-said]")) output.value = `${output.dataset.said === "x" ? x : y}%`;
  for (const shape of all("[data-shape]")) {
    const wanted = Number(shape.dataset.shape);
    const own = Number(shape.dataset.ratio);
    shape.style.backgroundPosition = `${position(x / 100, wanted / own)}% ${position(y / 100, own / wanted)}%`;
  }
}

function point(x: number, y: number): void {
  const across = range("x");
  const down = range("y");
  if (!across || !down || across.disabled) return;
  across.value = String(Math.round(x));
  down.value = String(Math.round(y));
  across.dispatchEvent(new Event("input", { bubbles: true }));
}

async function upload(input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  const said = byId("add-said");
  const trouble = byId("add-trouble");
  let failed = "";
  for (const file of files) {
    if (said) said.textContent = fill(input.dataset.uploading ?? "", { name: file.name });
    const body = new FormData();
    body.append("file", file);
    try {
      const answer = await fetch(input.dataset.upload ?? "", {
        method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
      });
      if (!answer.ok) failed = ((await answer.json()) as { message?: string }).message ?? input.dataset.failed ?? "";
    } catch {
      failed = input.dataset.failed ?? "";
    }
  }
  input.value = "";
  if (said) said.textContent = "";
  if (!failed) return location.reload();
  if (trouble) {
    trouble.textContent = failed;
    trouble.hidden = false;
  }
}

on("change", "#f-add", (input) => void upload(input as HTMLInputElement));
on("input", ".focusset [type=range]", show);
on("click", "[data-focus]", (box, event) => {
  const area = box.querySelector("img")?.getBoundingClientRect();
  if (!area?.width) return;
  point((100 * (event.clientX - area.left)) / area.width, (100 * (event.clientY - area.top)) / area.height);
});
on("keydown", "[data-focus]", (_box, event) => {
  const step = KEYS[event.key];
  if (!step) return;
  event.preventDefault();
  const held = (value: number) => Math.min(100, Math.max(0, value));
  point(held(Number(range("x")?.value ?? 50) + step[0]), held(Number(range("y")?.value ?? 50) + step[1]));
});

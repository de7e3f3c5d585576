// Pictures and clips of the source: add by button, drop or paste; words for each; order; take out.
import { csrf } from "../lib/data";
import { all, byId, fill, on } from "../lib/dom";
import { enqueue } from "./saving";

type Asset = { id: string };
const PAUSE = 700;
const root = byId("composer");
let waiting: number | undefined;

function shots(): [string, string][] {
  return all<HTMLLIElement>("#part-media .shot").map((li) => [li.dataset.asset ?? "", li.querySelector<HTMLTextAreaElement>("[data-alt]")?.value ?? ""]);
}

function store(files: [string, string][]): void {
  const body = new FormData();
  for (const [asset, alt] of files) {
    body.append("asset", asset);
    body.append("alt", alt);
  }
  clearTimeout(waiting);
  void enqueue({ url: root?.dataset.media ?? "", body, files: true });
}

function trouble(message: string): void {
  const place = byId("file-trouble");
  if (!place) return;
  place.textContent = message;
  place.hidden = !message;
}

async function upload(files: File[]): Promise<void> {
  const drop = byId("drop");
  const words = drop?.querySelector("span");
  const before = words?.textContent ?? "";
  trouble("");
  const added: [string, string][] = [];
  for (const file of files) {
    if (words) words.textContent = fill(root?.dataset.uploading ?? "", { name: file.name });
    const body = new FormData();
    body.append("file", file);
    try {
      const answer = await fetch(root?.dataset.upload ?? "", {
        method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
      });
      const said = (await answer.json()) as { assets?: Asset[]; message?: string };
      if (answer.ok) for (const asset of said.assets ?? []) added.push([asset.id, ""]);
      else trouble(said.message ?? root?.dataset.failed ?? "");
    } catch {
      trouble(root?.dataset.failed ?? "");
    }
  }
  if (words) words.textContent = before;
  if (added.length) store([...shots(), ...added]);
}

export function startMedia(): void {
  on("change", "#f-files", (input) => {
    const files = [...((input as HTMLInputElement).files ?? [])];
    (input as HTMLInputElement).value = "";
    void upload(files);
  });
  on("change", "#part-media [data-alt]", () => store(shots()));
  on("input", "#part-media [data-alt]", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => store(shots()), PAUSE);
  });
  on("click", "[data-pick]", (button) => byId(button.dataset.pick ?? "")?.click());
  on("click", "#part-media [data-drop]", (button) => {
    const gone = button.closest<HTMLElement>(".shot")?.dataset.asset;
    store(shots().filter(([asset]) => asset !== gone));
  });
  on("click", "#part-media [data-move]", (button) => {
    const files = shots();
    const at = files.findIndex(([asset]) => asset === button.closest<HTMLElement>(".shot")?.dataset.asset);
    const moved = files[at];
    if (at < 1 || !moved) return;
    files.splice(at, 1);
    files.splice(at - 1, 0, moved);
    store(files);
  });
  const drop = byId("drop");
  root?.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop?.classList.add("over");
  });
  root?.addEventListener("dragleave", () => drop?.classList.remove("over"));
  root?.addEventListener("drop", (event) => {
    event.preventDefault();
    drop?.classList.remove("over");
    void upload([...(event.dataTransfer?.files ?? [])]);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (drop && files.length) {
      event.preventDefault();
      void upload(files);
    }
  });
}

// Pictures and clips of the source: add by button, drop or paste; words for each; order; take out.
import { csrf } from "../lib/data";
import { all, byId, fill, isTyping, on } from "../lib/dom";
import { enqueue } from "./saving";

type Asset = { id: string };
type Shot = [string, string];
const PAUSE = 700;
const root = byId("composer");
let waiting: number | undefined;

const described = new Map<string, string>();

/** The files as they stand, with the words typed for them that are not saved yet. */
function shots(): Shot[] {
  return all<HTMLLIElement>("#part-media .shot").map((li) => {
    const asset = li.dataset.asset ?? "";
    return [asset, described.get(asset) ?? li.querySelector<HTMLTextAreaElement>("[data-alt]")?.value ?? ""];
  });
}

/** A change of the files, made on what stands when its turn comes: what arrived meanwhile stays. */
function store(change: (files: Shot[]) => Shot[] = (files) => files): void {
  clearTimeout(waiting);
  let sent: Shot[] = [];
  const body = () => {
    const carried = new FormData();
    sent = change(shots());
    for (const [asset, alt] of sent) {
      carried.append("asset", asset);
      carried.append("alt", alt);
    }
    return carried;
  };
  void enqueue({ url: root?.dataset.media ?? "", body, files: true }).then((kept) => {
    if (kept) for (const [asset, alt] of sent) if (described.get(asset) === alt) described.delete(asset);
  });
}

function trouble(message: string): void {
  const place = byId("file-trouble");
  if (!place) return;
  place.textContent = message;
  place.hidden = !message;
}

/** Files of the library are the post's too; those it has stay where they are. */
export function addFiles(ids: string[]): void {
  const known = shots().map(([asset]) => asset);
  if (ids.some((id) => !known.includes(id))) store((files) => [...files, ...ids.filter((id) => !files.some(([there]) => there === id)).map((id): Shot => [id, ""])]);
}

/** `into`: the field in which somebody was writing, if the files belong there. */
async function upload(files: File[], into: Element | null = null): Promise<void> {
  const drop = byId("drop");
  const words = drop?.querySelector("span");
  const before = words?.textContent ?? "";
  trouble("");
  const added: Shot[] = [];
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
  const fresh = (files: Shot[]) => added.filter(([asset]) => !files.some(([there]) => there === asset));
  if (!added.length) return;
  store((files) => [...files, ...fresh(files)]);
  document.dispatchEvent(new CustomEvent("composer:added", { detail: { ids: added.map(([asset]) => asset), into } }));
}

function describe(area: HTMLElement): void {
  described.set(area.closest<HTMLElement>(".shot")?.dataset.asset ?? "", (area as HTMLTextAreaElement).value);
}

function forward(files: Shot[], asset: string): Shot[] {
  const at = files.findIndex(([each]) => each === asset);
  const moved = files[at];
  if (at < 1 || !moved) return files;
  const others = files.filter(([each]) => each !== asset);
  return [...others.slice(0, at - 1), moved, ...others.slice(at - 1)];
}

export function startMedia(): void {
  on("change", "#f-files", (input) => {
    const files = [...((input as HTMLInputElement).files ?? [])];
    (input as HTMLInputElement).value = "";
    void upload(files);
  });
  on("change", "#part-media [data-alt]", (area) => {
    describe(area);
    store();
  });
  on("input", "#part-media [data-alt]", (area) => {
    describe(area);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => store(), PAUSE);
  });
  on("click", "[data-pick]", (button) => byId(button.dataset.pick ?? "")?.click());
  on("click", "#part-media [data-drop]", (button) => {
    const gone = button.closest<HTMLElement>(".shot")?.dataset.asset;
    store((files) => files.filter(([asset]) => asset !== gone));
  });
  on("click", "#part-media [data-move]", (button) => {
    const asset = button.closest<HTMLElement>(".shot")?.dataset.asset ?? "";
    store((files) => forward(files, asset));
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
    // Word and Excel put a picture of the words beside the words: whoever pastes into a field wants these.
    const words = isTyping(event.target) && event.clipboardData?.getData("text/plain").trim();
    if (drop && files.length && !words) {
      event.preventDefault();
      void upload(files, event.target instanceof Element ? event.target : null);
    }
  });
}

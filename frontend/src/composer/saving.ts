// One save at a time, in order, each with the newest version; what could not be saved stays in this browser.
import { toast } from "../behaviours/toasts";
import { send } from "../lib/data";
import { all, byId, fill } from "../lib/dom";

type Kind = { kind: string; said: string };
type Saved = { version: number; parts: Record<string, string>; found: number; kinds: Record<string, Kind> };
type Refused = { message: string; field?: string; reason: string; theirs?: Record<string, string>; version?: number };
export type Save = { url: string; body: FormData; key?: string; text?: string; files?: boolean };

const RETRY = 4000;
const root = byId("composer");
let version = Number(root?.dataset.version ?? 0);
let queue: Promise<unknown> = Promise.resolve();
export const shelf = (key: string): string => `kitestring:${root?.dataset.post}:${key}`;

export function say(word: "saving" | "done" | "lost" | "unsaved"): void {
  const note = byId("kept");
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: root?.dataset.zone || undefined });
  if (note) note.textContent = fill(root?.dataset[word] ?? "", { time });
  note?.classList.toggle("lost", word === "lost" || word === "unsaved");
}

/** New rows around the one somebody writes in, which stays as it is: nothing is taken from under the hand. */
function showAround(place: HTMLElement, html: string, row: HTMLElement): void {
  const fresh = document.createElement(place.tagName);
  fresh.innerHTML = html;
  const rows = [...fresh.children] as HTMLElement[];
  const at = rows.findIndex((one) => one.dataset.asset === row.dataset.asset);
  const same = rows[at];
  if (!same) return;
  for (const other of [...place.children]) if (other !== row) other.remove();
  row.before(...rows.slice(0, at));
  row.after(...rows.slice(at + 1));
  const acts = same.querySelector(".shotacts");
  if (acts) row.querySelector(".shotacts")?.replaceWith(acts);
}

export function showParts(parts: Record<string, string>): void {
  for (const [id, html] of Object.entries(parts)) {
    const place = byId(id);
    if (!place) continue;
    const at = place.contains(document.activeElement) ? document.activeElement : null;
    if (at?.matches("textarea, input")) {
      const row = at.closest<HTMLElement>("[data-asset]");
      if (row) showAround(place, html, row);
      continue;
    }
    place.innerHTML = html;
    if (at && id === "part-media") (place.querySelector<HTMLElement>("[data-drop]") ?? byId("f-files"))?.focus();
  }
  document.dispatchEvent(new Event("composer:parts"));
}

function showFound(found: number): void {
  const badge = byId("found");
  if (!badge) return;
  badge.textContent = String(found);
  badge.hidden = !found;
}

/** Files may leave one way to publish: the server chose it, the open choice follows and the person is told. */
function followKinds(kinds: Record<string, Kind>): void {
  for (const [variant, { kind, said }] of Object.entries(kinds)) {
    const choice = document.querySelector<HTMLSelectElement>(`[data-panel="side-${variant}"] select[name=kind]`);
    if (!choice || choice.value === kind) continue;
    choice.value = kind;
    for (const words of all("[data-kind]", choice.form ?? document)) words.hidden = words.dataset.kind !== kind;
    toast({ text: said });
  }
}

function notice(template: string, message: string): HTMLElement | null {
  const place = byId("trouble");
  const source = byId<HTMLTemplateElement>(template);
  if (!place || !source) return null;
  place.replaceChildren(source.content.cloneNode(true));
  const words = place.querySelector<HTMLElement>("[data-message]");
  if (words) words.textContent = message;
  return place;
}

function conflict(save: Save, refused: Refused): void {
  const place = notice("conflict", refused.message);
  const key = save.key ?? "source";
  const theirs = refused.theirs?.[key] ?? "";
  const shown = place?.querySelector<HTMLElement>("[data-theirs]");
  if (shown) shown.textContent = theirs;
  place?.querySelector("[data-keep-mine]")?.addEventListener("click", () => {
    version = refused.version ?? version;
    place.replaceChildren();
    void enqueue(save);
  });
  place?.querySelector("[data-take-theirs]")?.addEventListener("click", () => {
    if (save.text !== undefined) void navigator.clipboard?.writeText(save.text).catch(() => undefined);
    localStorage.removeItem(shelf(key));
    location.reload();
  });
}

async function run(save: Save): Promise<boolean> {
  save.body.set("version", String(version));
  say("saving");
  let answer: Response;
  try {
    answer = await send(save.url, save.body);
  } catch {
    return later(save);
  }
  if (answer.status === 401) return signedOut();
  if (answer.status >= 500 || answer.status === 429) return later(save);
  if (!answer.ok) {
    const refused = (await answer.json().catch(() => ({ message: "", reason: "" }))) as Refused;
    say("unsaved");
    if (refused.reason === "conflict") conflict(save, refused);
    else notice("refused", refused.message);
    return false;
  }
  const saved = (await answer.json()) as Saved;
  version = saved.version;
  if (save.key) forget(save.key, save.text);
  byId("trouble")?.replaceChildren();
  showParts(saved.parts);
  showFound(saved.found);
  if (save.files) followKinds(saved.kinds);
  say("done");
  document.body.dispatchEvent(new Event("saved"));
  return true;
}

/** The session ended while somebody wrote: the words stay in this browser and come back after signing in. */
function signedOut(): boolean {
  say("unsaved");
  notice("signed-out", root?.dataset.signedOut ?? "");
  return false;
}

function later(save: Save): boolean {
  say("lost");
  setTimeout(() => void enqueue(save), RETRY);
  return false;
}

function forget(key: string, text?: string): void {
  const field = all<HTMLTextAreaElement>("[data-key]").find((f) => f.dataset.key === key);
  if (text === undefined || field?.value === text) localStorage.removeItem(shelf(key));
}

export function enqueue(save: Save): Promise<boolean> {
  const next = queue.then(() => run(save));
  queue = next.catch(() => undefined);
  return next;
}

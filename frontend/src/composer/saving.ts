// One save at a time, in order, each with the version this page saw; what could not be saved stays in this browser. What
// a save carries is read when its turn comes: what an earlier answer settled is not overwritten by what stood here before.
import { toast } from "../behaviours/toasts";
import { send } from "../lib/data";
import { all, byId, fill } from "../lib/dom";
import { type Aside, follow, forget, lay } from "./aside";
import { type Field, touched } from "./touched";

type Kind = { kind: string; said: string };
type Saved = { version: number; parts: Record<string, string>; found: number; kinds: Record<string, Kind> };
type Refused = { message: string; field?: string; reason: string; theirs?: Record<string, string>; version?: number };
/** `body` null: an earlier save has carried it already. `back` takes what `body` gave again, as it was not saved. `told`: says
    a refusal where it was typed, for what is no part of the post's words. */
export type Save = { url: string; body: () => FormData | null; form?: HTMLFormElement; back?: (sent: FormData) => void; files?: boolean; told?: (message: string) => void };

type Stays = (saved: Save) => boolean;

const RETRY = 4000;
const root = byId("composer");
let version = Number(root?.dataset.version ?? 0);
// This page's sign, made anew by each load (a tab that was doubled has the same page, not the same sign), or that of the
// page whose words came back: a save of its own is never taken for another tab's.
const own = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
let page = own;
let standing: Stays = () => false;
let queue: Promise<unknown> = Promise.resolve();

export function layWords(key: string, text: string): void {
  lay(key, text, version, page);
}

/** Words of another version come back as what they are: the next save says so, and the server tells who saved meanwhile. */
export function onVersion(older: Aside): void {
  if (older.version >= version) return;
  version = older.version;
  page = older.page ?? "";
}

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

/** What a channel asks beside the words, while somebody fills it in: all but what is under the hand or not saved yet. */
function showFields(html: string): void {
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  for (const field of all<Field>("input, select", fresh)) {
    const there = byId<Field>(field.id);
    if (!there || there === document.activeElement || touched(there)) continue;
    if (there instanceof HTMLInputElement && field instanceof HTMLInputElement && there.type === "checkbox") there.checked = field.checked;
    else there.value = field.value;
  }
}

export function showParts(parts: Record<string, string>): void {
  for (const [id, html] of Object.entries(parts)) {
    const place = byId(id);
    if (!place) continue;
    const at = place.contains(document.activeElement) ? document.activeElement : null;
    const filled = at?.matches("input:not([type=checkbox])") || all<Field>("input, select", place).some(touched);
    if (id.startsWith("settings-") && filled) {
      showFields(html);
      continue;
    }
    if (at?.matches("textarea, input")) {
      const row = at.closest<HTMLElement>("[data-asset]");
      if (row) showAround(place, html, row);
      continue;
    }
    const held = at instanceof HTMLElement && place.contains(at) ? at.id : "";
    const unfolded = place.querySelector("details[open]") !== null;
    place.innerHTML = html;
    if (unfolded) for (const fold of all<HTMLDetailsElement>("details", place)) fold.open = true;
    if (held) byId(held)?.focus();
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
    if (!choice || choice.value === kind || touched(choice)) continue;
    choice.value = kind;
    for (const words of all("[data-kind]", choice.form ?? document)) words.hidden = words.dataset.kind !== kind;
    toast({ text: said });
  }
}

/** `stays`: whether it is still true after this save; without it any save takes the notice away. */
export function notice(template: string, message: string, stays: Stays = () => false): HTMLElement | null {
  const place = byId("trouble");
  const source = byId<HTMLTemplateElement>(template);
  if (!place || !source) return null;
  place.replaceChildren(source.content.cloneNode(true));
  standing = stays;
  const words = place.querySelector<HTMLElement>("[data-message]");
  if (words) words.textContent = message;
  return place;
}

/** The fields of the save that lie in this browser until the server has them, by their keys. */
function kept(save: Save, body: FormData): [string, string][] {
  const fields = all<HTMLInputElement>("[data-key]", save.form ?? document.createElement("form"));
  return fields.filter((field) => body.has(field.name)).map((field) => [field.dataset.key ?? "", String(body.get(field.name))]);
}

/** What an unsaved field of another form says stays in sight: the page is not all saved. */
function settle(save: Save): void {
  const place = byId("trouble");
  const stays = Boolean(place?.childElementCount) && standing(save);
  if (!stays) place?.replaceChildren();
  say(stays ? "unsaved" : "done");
}

function conflict(save: Save, refused: Refused, fields: [string, string][]): void {
  const place = notice("conflict", refused.message);
  const [key, mine] = fields[0] ?? ["source", undefined];
  const theirs = refused.theirs?.[key] ?? "";
  const shown = place?.querySelector<HTMLElement>("[data-theirs]");
  if (shown) shown.textContent = theirs;
  place?.querySelector("[data-keep-mine]")?.addEventListener("click", () => {
    version = refused.version ?? version;
    page = own;
    place.replaceChildren();
    void enqueue(save);
  });
  place?.querySelector("[data-take-theirs]")?.addEventListener("click", () => {
    if (mine !== undefined) void navigator.clipboard?.writeText(mine).catch(() => undefined);
    for (const [each] of fields) forget(each);
    location.reload();
  });
}

/** It went out while somebody wrote: the words stay in sight, to be taken elsewhere or thrown away. */
function out(save: Save, refused: Refused, fields: [string, string][]): void {
  const place = notice("out", refused.message, (saved) => saved.form !== save.form);
  const mine = fields.map(([, words]) => words).join("\n\n");
  const shown = place?.querySelector<HTMLElement>("[data-beginning]");
  if (shown) shown.textContent = mine;
  for (const part of all("[data-words]", place ?? document.createElement("div"))) part.hidden = !mine;
  place?.querySelector("[data-copy]")?.addEventListener("click", () => void navigator.clipboard?.writeText(mine).catch(() => undefined));
  place?.querySelector("[data-away]")?.addEventListener("click", () => {
    for (const [each] of fields) forget(each);
    location.reload();
  });
}

async function run(save: Save): Promise<boolean> {
  const body = save.body();
  if (!body) return true;
  const fields = kept(save, body);
  body.set("version", String(version));
  body.set("tab", page);
  say("saving");
  const answer = await send(save.url, body).catch(() => null);
  if (!answer?.ok) {
    save.back?.(body);
    return unsaved(save, answer, fields);
  }
  const saved = (await answer.json()) as Saved;
  follow(version, saved.version, own);
  version = saved.version;
  page = own;
  for (const [key, words] of fields) forget(key, words);
  showParts(saved.parts);
  showFound(saved.found);
  if (save.files) followKinds(saved.kinds);
  settle(save);
  document.body.dispatchEvent(new Event("saved"));
  return true;
}

/** A lost line and a server in trouble are tried again; all else is told, and waits for the person. */
async function unsaved(save: Save, answer: Response | null, fields: [string, string][]): Promise<boolean> {
  if (!answer || answer.status >= 500 || answer.status === 429) return later(save);
  if (answer.status === 401) return signedOut();
  const refused = (await answer.json().catch(() => ({ message: "", reason: "" }))) as Refused;
  if (save.told && refused.reason !== "conflict" && refused.reason !== "out") {
    // Said where it was typed; nothing of the post's words is unsaved by it.
    save.told(refused.message);
    say(byId("trouble")?.childElementCount ? "unsaved" : "done");
    return false;
  }
  say("unsaved");
  if (refused.reason === "conflict") conflict(save, refused, fields);
  else if (refused.reason === "out") out(save, refused, fields);
  else notice("refused", refused.message, (saved) => saved.form !== save.form);
  return false;
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

export function enqueue(save: Save): Promise<boolean> {
  const next = queue.then(() => run(save));
  queue = next.catch(() => undefined);
  return next;
}

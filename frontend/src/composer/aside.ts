// Words lie in this browser until the server has them, each tab's apart from the others', with the version they were
// written on: when they come back and somebody saved meanwhile, that is told and not overwritten. They come back to the
// member who wrote them, and to no other who signs in at the same browser.
import { layAside } from "../lib/data";
import { all, byId } from "../lib/dom";

/** `page`: the sign of the page that wrote them, by which the server knows its saves. */
export type Aside = { text: string; version: number; page?: string };

const TAB = "kitestring:tab";
const ANSWER = 400;
const shelf = (key: string): string => {
  const { post, member } = byId("composer")?.dataset ?? {};
  return `kitestring:${post}:${member}:${key}:`;
};

/** A reload is the same tab. */
function tab(): string {
  const known = sessionStorage.getItem(TAB) ?? Math.random().toString(36).slice(2);
  sessionStorage.setItem(TAB, known);
  return known;
}

function read(place: string): Aside | null {
  const kept = localStorage.getItem(place);
  return kept === null ? null : (JSON.parse(kept) as Aside);
}

export function lay(key: string, text: string, version: number, page?: string): void {
  layAside(shelf(key) + tab(), JSON.stringify({ text, version, page }));
}

export function aside(key: string): Aside | null {
  return read(shelf(key) + tab());
}

/** Words that a tab left behind that is closed now; they are this tab's from here on. `open`: the tabs that are not. */
export function leftBehind(key: string, open: Set<string>): Aside | null {
  const places = Object.keys(localStorage).filter((each) => each.startsWith(shelf(key)));
  const place = places.find((each) => !open.has(each.slice(shelf(key).length)));
  const left = place ? read(place) : null;
  if (!place || !left) return null;
  localStorage.removeItem(place);
  lay(key, left.text, left.version, left.page);
  return left;
}

const talk = new BroadcastChannel(TAB);
const answered = new Set<string>();
talk.onmessage = ({ data }: MessageEvent<{ here?: string }>) => {
  if (data.here) answered.add(data.here);
  else talk.postMessage({ here: tab() });
};

/** The other tabs that are open, this one among them: they answer when asked. */
export async function openTabs(): Promise<Set<string>> {
  talk.postMessage({});
  await new Promise((done) => setTimeout(done, ANSWER));
  return answered.add(tab());
}

/** With `text`: only if these are the words that were saved, as newer ones may lie there by now. */
export function forget(key: string, text?: string): void {
  const place = shelf(key) + tab();
  if (text === undefined || read(place)?.text === text) localStorage.removeItem(place);
}

/** This page's own save made a new version: what still lies here was written by somebody who knows it. */
export function follow(before: number, version: number, page: string): void {
  for (const area of all("[data-key]")) {
    const key = area.dataset.key ?? "";
    const kept = read(shelf(key) + tab());
    if (kept?.version === before) lay(key, kept.text, version, page);
  }
}

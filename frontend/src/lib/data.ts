// How an island gets its data and talks to the server: JSON in the page, and fetch with the page's own CSRF token.
export function pageData<T>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no data called ${id}.`);
  return JSON.parse(element.textContent ?? "null") as T;
}

export function csrf(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export async function send(url: string, body: FormData | URLSearchParams, method = "POST"): Promise<Response> {
  return fetch(url, { method, body, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" }, credentials: "same-origin" });
}

/** Lay words aside in this browser. A browser that is full or forbids it must not keep them from being saved. */
export function layAside(key: string, words: string): void {
  try {
    localStorage.setItem(key, words);
  } catch {
    localStorage.removeItem(key); // An older state would come back in place of the newer one.
  }
}

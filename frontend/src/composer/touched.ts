// What the person changed in a form and the server does not have yet, by the fields' names.
const names = new WeakMap<HTMLFormElement, Set<string>>();

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function touch(form: HTMLFormElement, name: string): void {
  names.set(form, (names.get(form) ?? new Set()).add(name));
}

export function untouch(form: HTMLFormElement, ...gone: string[]): void {
  for (const name of gone) names.get(form)?.delete(name);
}

export function touched(field: Field): boolean {
  return Boolean(field.form && names.get(field.form)?.has(field.name));
}

/** The changed fields as they stand now, which are changed no more; null when there is nothing to save. `waits`: not yet. */
export function take(form: HTMLFormElement, waits: (value: string) => boolean): FormData | null {
  const changed = names.get(form) ?? new Set<string>();
  const body = new FormData(form);
  // A box without its tick is not in a form's data: where it was changed, the empty value says so.
  for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) if (changed.has(box.name) && !box.checked) body.set(box.name, "");
  for (const [name, value] of [...body]) {
    if (!changed.has(name) || waits(String(value))) body.delete(name);
    else changed.delete(name);
  }
  return [...body.keys()].length ? body : null;
}

/** They were not saved after all. */
export function giveBack(form: HTMLFormElement, sent: FormData): void {
  for (const name of sent.keys()) if (form.elements.namedItem(name)) touch(form, name);
}

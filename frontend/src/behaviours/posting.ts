// A link that makes something: <a data-post href="..."> is sent as a form, once. Without script it is a plain link.
import { on } from "../lib/dom";

export function startPosting(): void {
  on("click", "a[data-post]", (link, event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.sent) return;
    link.dataset.sent = "1";
    const form = document.createElement("form");
    const token = document.createElement("input");
    Object.assign(form, { method: "post", action: (link as HTMLAnchorElement).href, hidden: true });
    Object.assign(token, { type: "hidden", name: "csrfmiddlewaretoken", value: document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "" });
    form.append(token);
    document.body.append(form);
    form.submit();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll<HTMLElement>("a[data-sent]").forEach((link) => delete link.dataset.sent);
  });
}

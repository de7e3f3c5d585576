// htmx 4 with server-sent events. Configured by <meta name="htmx-config"> in the base template.
import htmx from "htmx.org/dist/htmx.esm.js"; // sets window.htmx, which the extension below registers on
import "htmx.org/dist/ext/hx-sse.js";

export { htmx };

"""A tiny server on loopback that shows rendered templates under the product's own content policy, and answers htmx."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from kitestring.ui import assets

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"
PAGE = """{% extends "ui/base.html" %}{% block title %}Desk{% endblock %}{% block content %}<div class="page">
{{ ui.saved("saved") }}
<form data-autosave="saved" hx-post="/save" hx-trigger="input delay:100ms"
  hx-swap="none" hx-sync="this:queue last">{{ ui.field("t", "Text") }}</form>
{{ ui.button("Move", hx_post="/toast", hx_swap="none", id="move", data_key="m") }}
{{ ui.button("Wrong", hx_post="/wrong", hx_target="#out", id="wrong") }}<div id="out"></div>
{{ ui.bulk("lines", "Lines") }}
{{ ui.button("Open", data_open="d", id="open") }}
<div data-rows>{% for n in range(3) %}<a data-row href="#r{{ n }}" id="r{{ n }}">{{ n }}</a> {% endfor %}</div>
</div>{% endblock %}
{% block aside %}{% call ui.dialog("d", "A dialog") %}{{ ui.field("why", "Why") }}{% endcall %}{% endblock %}"""


class Desk:
    """What the server has been asked, and how it answers a save."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.save, self.url = folder, [], 200, ""
        (folder / "static").mkdir()
        (folder / "static" / "ui").symlink_to(assets.BUILT.parent)

    def write(self, name: str, source: str, language: str = "en", theme: str = "light", **names: Any) -> str:
        """Render a template's name or text for a member; give the address of the page."""
        env = engines["pages"].env
        template = env.get_template(source) if source.endswith(".html") else env.from_string(source)
        places = [("today", "Today", "sun"), ("plan", "Plan", "target"), ("results", "Results", "file-text")]
        nav = [
            {"key": k, "label": t, "icon": i, "url": f"#{k}", "active": k == "today"} for k, t, i in places
        ]
        member = {"name": "Hà", "role_label": "Manager", "language": language, "theme": theme}
        request = RequestFactory().get("/")
        with translation.override(language):
            page = template.render(
                request=request, member=member, nav=nav, csrf_token="token-of-the-page", **names
            )
        (self.folder / f"{name}.html").write_text(page, "utf-8")
        return f"{self.url}/{name}.html"


class _Answers(http.server.SimpleHTTPRequestHandler):
    desk: Desk

    def log_message(self, format: str, *args: Any) -> None:
        return

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.desk.asked.append((self.path, body, self.headers.get("X-CSRFToken")))
        self.send_response({"/save": self.desk.save, "/wrong": 422}.get(self.path, 200))
        if self.path == "/toast":
            self.send_header(
                "HX-Trigger", json.dumps({"toast": {"text": "Moved to Friday.", "tone": "good"}})
            )
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>This hour is over.</p>" if self.path == "/wrong" else b"")


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """Serve `folder` until the end of the block."""
    desk = Desk(folder)
    handler = functools.partial(type("Answers", (_Answers,), {"desk": desk}), directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    desk.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

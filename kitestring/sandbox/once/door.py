"""A member's browser without a screen: keeps cookies, sends the token every form carries, follows to the next page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

PATIENCE = 30.0
LINK = re.compile(r'(?:href|hx-get)="([^"]+)"')


class WrongAnswer(Exception):
    """A page did not answer as the walk expects; the text says which page and how."""


@dataclass(frozen=True)
class Page:
    """What came back: status, the address it came from (after redirects), the text, the bytes."""

    status: int
    url: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def json(self) -> Any:
        return json.loads(self.body)

    def links(self) -> set[str]:
        """Paths this page leads to, fragments it loads included."""
        found = (link.replace("&amp;", "&") for link in LINK.findall(self.text))
        return {urlsplit(urljoin(self.url, link)).path for link in found}


class Door:
    """One person's way in. Every call raises WrongAnswer unless the status is `want` (2xx when not said)."""

    def __init__(self, base: str, name: str = "") -> None:
        self.base = base
        self.name = name
        self._jar = CookieJar()
        self._open = build_opener(HTTPCookieProcessor(self._jar))

    def get(self, path: str, *, want: int = 200) -> Page:
        return self._ask(path, None, {"Accept": "text/html"}, want)

    def post(
        self, path: str, form: Mapping[str, Any] | None = None, *, want: int = 200, part: bool = False
    ) -> Page:
        """`part`: as a part of a page asks (htmx), so that the answer is that part."""
        body = urlencode(dict(form or {}), doseq=True).encode()
        headers = {**self._token(), "Content-Type": "application/x-www-form-urlencoded"}
        if part:
            headers["HX-Request"] = "true"
        return self._ask(path, body, headers, want)

    def send_file(self, path: str, name: str, mime: str, content: bytes) -> Page:
        """A form with one file in the field `file`."""
        edge = uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {mime}\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {**self._token(), "Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._ask(path, body, headers, 201)

    def sign_in(self, email: str, password: str) -> Page:
        self.get("/account/login/")
        page = self.post("/account/login/", {"login": email, "password": password})
        if "/account/login/" in page.path:
            raise WrongAnswer(f"{email} could not sign in.")
        return page

    def _token(self) -> dict[str, str]:
        token = next((c.value for c in self._jar if c.name == "csrftoken"), None)
        return {"X-CSRFToken": token or "", "Referer": self.base}

    def _ask(self, path: str, body: bytes | None, headers: dict[str, str], want: int) -> Page:
        request = Request(urljoin(self.base, path), body, headers)  # noqa: S310 - our own instance
        try:
            with self._open.open(request, timeout=PATIENCE) as answer:
                page = Page(answer.status, answer.url, answer.read())
        except HTTPError as refused:
            page = Page(refused.code, refused.url, refused.read())
        if page.status != want:
            said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>|\{.*?\}", " ", page.text)).strip()
            raise WrongAnswer(
                f"{request.get_method()} {request.full_url}: {page.status}, not {want}. {said[:300]}"
            )
        return page

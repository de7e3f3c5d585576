"""The owner of an account at the real server's own consent page: signs in, says yes or no, and is led back.

The page is a program in the browser that talks to its server; this says the same words without the browser.
"""

from __future__ import annotations

import json
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kitestring.sandbox.real.http import PATIENCE
from kitestring.sandbox.real.trouble import ServerFailed

API = "/@atproto/oauth-provider/~api"
OPENED = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
FROM_THE_PAGE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "same-origin"}


class Browser:
    """Just enough of one: its cookies, and the page it is on."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.cookies: SimpleCookie = SimpleCookie()

    def agree(self, handle: str, did: str, password: str, *, yes: bool = True) -> dict[str, str]:
        """The query that the owner comes back with. Raises ServerFailed where the page does not go on."""
        parts = urlsplit(self.page)
        self._call("GET", f"{parts.path}?{parts.query}", OPENED)
        login = {"username": handle, "password": password, "locale": "en", "remember": True}
        self._say("/sign-in", login)
        said = self._say("/consent", {"did": did}) if yes else self._say("/reject", {})
        led = dict(parse_qsl(urlsplit(str(said["url"])).query))
        return {key: value for key, value in led.items() if key not in ("redirect_mode", "redirect_uri")}

    def _say(self, endpoint: str, body: dict[str, Any]) -> Any:
        token = self.cookies["csrf-token"].value
        told = {
            **FROM_THE_PAGE,
            "Referer": self.page,
            "X-CSRF-Token": token,
            "Content-Type": "application/json",
        }
        return json.loads(self._call("POST", f"{API}{endpoint}", told, json.dumps(body).encode()))

    def _call(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> bytes:
        parts = urlsplit(self.page)
        kept = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        told = {**headers, "User-Agent": "Browser of a test", **({"Cookie": kept} if kept else {})}
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=told)
            answer = connection.getresponse()
            text = answer.read()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self.cookies.load(value)
            if answer.status != 200:
                raise ServerFailed(
                    f"{path.partition('?')[0]}: {answer.status}: {text[:300].decode(errors='replace')}"
                )
            return text
        finally:
            connection.close()

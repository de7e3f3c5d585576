"""A client that says what a test wants said."""

from __future__ import annotations

import json
from typing import Any

from kitestring.kit.http import Answer

URLS = {"api": "https://api.test", "upload": "https://api.test", "web": "https://x.test"}


class Says:
    """A client that gives these answers, one after another."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[dict[str, Any]]()

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        self.asked.append({"method": method, "url": url, **more})
        return self.answers.pop(0)


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    told = {key.replace("_", "-"): value for key, value in headers.items()}
    return Answer(status, {"content-type": "application/json", **told}, json.dumps(body).encode())

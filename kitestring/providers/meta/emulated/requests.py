"""What a request to the Graph API carries: query and form together, with lists and objects as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from kitestring.providers.meta.emulated.refusals import Refusal


@dataclass
class Told:
    """`params` as text; `files` by the name of their part."""

    params: dict[str, str] = field(default_factory=dict)
    files: dict[str, web.FileField] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.params.get(key, "")

    def flag(self, key: str, default: bool = False) -> bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(self[key].lower(), default)

    def json(self, key: str, default: Any = None) -> Any:
        if not self[key]:
            return default
        try:
            return json.loads(self[key])
        except ValueError:
            raise Refusal(100, f"(#100) Param {key} must be valid JSON") from None


async def told(request: web.Request) -> Told:
    found = Told(dict(request.query))
    if request.method == "POST" and request.content_type in (
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ):
        for key, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                found.files[key] = value
            else:
                found.params[key] = str(value)
    return found

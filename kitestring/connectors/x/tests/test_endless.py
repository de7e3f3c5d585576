"""A token that leads to itself ends a look all the same."""

from __future__ import annotations

from typing import Any, cast

from kitestring.connectors.x import messages
from kitestring.connectors.x.client import Api


class Circle:
    """Every page names itself as the next one."""

    def __init__(self) -> None:
        self.asked = 0

    async def read(self, path: str, params: Any) -> dict[str, Any]:
        self.asked += 1
        return {"data": [{"id": "900"}], "meta": {"result_count": 1, "next_token": "again"}}


async def test_a_token_that_leads_to_itself_ends() -> None:
    there = Circle()
    assert len(await messages.newest(cast(Api, there), "1")) == messages.PAGES
    assert there.asked == messages.PAGES

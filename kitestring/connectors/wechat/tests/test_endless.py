"""A list that never ends is not believed, and ends a look all the same."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import RetryLater
from kitestring.connectors.wechat import ids, replies
from kitestring.connectors.wechat.client import App


class Circle:
    """Every page is full, and there are always more."""

    def __init__(self) -> None:
        self.asked = 0

    async def call(self, path: str, asked: Any) -> dict[str, Any]:
        self.asked += 1
        return {"comment": [{"user_comment_id": 1}], "total": 10**9}


async def test_a_list_of_comments_without_an_end_is_not_believed() -> None:
    there = Circle()
    with pytest.raises(RetryLater):
        await replies.comments(cast(App, there), ids.Article(7, 1, msg_id="7"))
    assert there.asked == replies.PAGES

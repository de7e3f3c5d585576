"""Categories are the leaves; a branch that has none costs only itself."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kitestring.connectors.bilibili import auth
from kitestring.connectors.bilibili.client import Bili


class Told:
    """What the channel says of its categories."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree

    async def read(self, path: str) -> Any:
        return self.tree


@pytest.mark.parametrize("bare", [{"id": 2, "name": "空"}, {"id": 2, "name": "空", "children": None}, None])
async def test_a_branch_without_leaves_keeps_nobody_from_connecting(bare: Any) -> None:
    tree = [bare, {"id": 1, "name": "生活", "children": [{"id": 21, "name": "日常"}, {"name": "无号"}]}]
    found = await auth._categories(cast(Bili, Told(tree)), "/types")
    assert found == [{"value": "21", "label": "生活 · 日常"}]

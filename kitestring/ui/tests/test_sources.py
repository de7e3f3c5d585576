"""Where a fact was read is a link a reader can follow, and nothing that only looks like one."""

from __future__ import annotations

import pytest

from kitestring.ui.sources import source_parts


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("general knowledge", [("general knowledge", "")]),
        ("lexicon app.bsky.feed.post#replyRef; constants.py", [("lexicon app.bsky.feed.post#replyRef; constants.py", "")]),
        (
            "github.com/mastodon/documentation, methods/statuses (thread)",
            [
                ("github.com/mastodon/documentation", "https://github.com/mastodon/documentation"),
                (", methods/statuses (thread)", ""),
            ],
        ),
        (
            "Read at developers.weixin.qq.com/doc/guide/message/Batch_Sends; 08:00",
            [
                ("Read at ", ""),
                (
                    "developers.weixin.qq.com/…/Batch_Sends",
                    "https://developers.weixin.qq.com/doc/guide/message/Batch_Sends",
                ),
                ("; 08:00", ""),
            ],
        ),
        ("the seal: .../oplatform/Technical_Plan.html", [("the seal: .../oplatform/Technical_Plan.html", "")]),
    ],
)  # fmt: skip
def test_its_parts(source: str, parts: list[tuple[str, str]]) -> None:
    assert list(source_parts(source)) == parts

"""A poll's choices, its end, and the warning that counts with the text: by the server's own figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon import limits, publishing
from kitestring.connectors.mastodon.client import MANIFEST
from kitestring.connectors.mastodon.emulated.entities import instance

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def test_a_poll_goes_out_as_told(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    told = {"poll": "Sen | Nhài｜Ô long", "poll_length": "3600", "poll_several": "yes", "poll_hidden": "yes"}
    done = await publishing.publish(bench.session, duty("post", "Trà nào?", options=told))
    poll = bench.platform.items[done.remote_id].extra["poll"]
    assert [one["title"] for one in poll["options"]] == ["Sen", "Nhài", "Ô long"]
    assert (poll["multiple"], poll["options"][0]["votes_count"]) == (True, None)


@pytest.mark.parametrize(
    ("options", "field", "reason"),
    [
        ({"poll": "Chỉ một"}, "options.poll", "poll_choices"),
        ({"poll": "a|a"}, "options.poll", "poll_choices"),
        ({"poll": "a|b|c|d|e"}, "options.poll", "poll_choices"),
        ({"poll": f"a|{'x' * 51}"}, "options.poll", "poll_choices"),
        ({"poll": "a|b", "poll_length": "never"}, "options.poll_length", "option_unknown"),
    ],
)
async def test_a_wrong_poll_never_leaves(
    at_work: AtWork, duty: Duty, options: dict[str, str], field: str, reason: str
) -> None:
    bench = await at_work("mastodon")
    before = len(bench.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("post", "Trà nào?", options=options))
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert len(bench.faults.seen) == before


async def test_a_poll_takes_no_files_and_keeps_the_servers_own_figures(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media]
) -> None:
    bench = await at_work("mastodon")
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "?", options={"poll": "a|b"}, media=(picture(),)))
    assert caught.value.reason == "poll_alone"
    own = instance("wide.test")
    own["configuration"]["polls"] |= {"max_options": 6, "max_expiration": 86_400}
    wide = replace(bench.session, settings={**bench.session.settings, "limits": limits.found_in(own)})
    publishing.check(wide, duty("post", "?", options={"poll": "a|b|c|d|e|f"}))
    with pytest.raises(Rejected) as caught:
        publishing.check(wide, duty("post", "?", options={"poll": "a|b", "poll_length": "604800"}))
    assert (caught.value.field, caught.value.reason) == ("options.poll_length", "poll_length")


async def test_the_warning_counts_with_the_text(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    publishing.check(bench.session, duty("post", "x" * 490, options={"content_warning": "y" * 10}))
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "x" * 491, options={"content_warning": "y" * 10}))
    assert (caught.value.reason, caught.value.params["over"]) == ("too_long", 1)


def test_the_composer_is_told_the_servers_figures() -> None:
    own = instance("wide.test")
    own["configuration"]["statuses"] |= {"max_characters": 5000, "characters_reserved_per_url": 30}
    told = limits.for_the_house(limits.found_in(own))
    assert (told["post.text"], told["reply.text"], told["message.text"]) == (5000, 5000, 5000)
    assert (told["post.link"], told["post.files"], told["post.video_bytes"]) == (30, 4, 103_809_024)
    assert "message.files" not in told
    assert MANIFEST.kinds[0].text.limit == 500

"""What a post says and its tags; how answers hang on what they answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.conftest import AtWork
from kitestring.connectors.nostr import inbox, moderation, publishing
from kitestring.connectors.nostr.events import Event, Key
from kitestring.connectors.nostr.threads import parent_of
from kitestring.connectors.nostr.wording import Fixed, content_of, fixed_in, mark, people_in, tags_of

NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
PERSON = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
Open = Callable[..., Awaitable[AtWork]]


async def sent(there: AtWork, duty: Outgoing) -> tuple[Event, Published]:
    step = await publishing.publish(there.session, duty)
    assert isinstance(step, Processing)
    done = await publishing.follow(there.session, replace(duty, handle=step.handle))
    assert isinstance(done, Published)
    event = Event.read(there.platform.items[done.remote_id].extra["event"])
    assert event is not None
    return event, done


def test_topics_people_language_and_a_warning(duty: Callable[..., Outgoing]) -> None:
    text = f"Trà #TràSen và #新茶 #TràSen, chào nostr:{NPUB} và nostr:npub1sai"
    one = duty("post", text, language="zh-Hans", options={"content_warning": " Cay "})
    tags = tags_of(one, Fixed(1))
    assert tags == [
        ["t", "tràsen"],
        ["t", "新茶"],
        ["p", PERSON],
        ["L", "ISO-639-1"],
        ["l", "zh", "ISO-639-1"],
        ["content-warning", "Cay"],
        ["kitestring", mark(one.key)],
    ]
    assert people_in(text) == [PERSON]


def test_the_link_and_the_files_close_the_text(duty: Callable[..., Outgoing]) -> None:
    fixed = Fixed(
        5, [{"url": "https://f.example/a", "alt": "Ly [trà]"}, {"url": "https://f.example/b", "alt": "B]"}]
    )
    one = duty("post", "Trà", link="https://vidu.example/a")
    assert (
        content_of(one, fixed) == "Trà\n\nhttps://vidu.example/a\n\nhttps://f.example/a\nhttps://f.example/b"
    )
    assert content_of(
        duty("post", "Xem https://vidu.example/a", link="https://vidu.example/a"), Fixed(1)
    ) == ("Xem https://vidu.example/a")
    article = duty("article", "# Trà", title="Trà")
    assert content_of(article, fixed) == "# Trà\n\n![B](https://f.example/b)"
    assert ["image", "https://f.example/a"] in tags_of(article, fixed)
    assert fixed_in(fixed.handle()) == replace(fixed, files=tuple(fixed.files))


async def test_a_picture_is_described_and_goes_up_once(
    at_work: Open, duty: Callable[..., Outgoing], picture: Callable[..., Media], tmp_path: object
) -> None:
    there = await at_work("nostr")
    shown = picture(alt="Một\nly trà")
    real = replace(shown, sha256=_digest(shown))
    kept = Kept()
    one = duty("post", "Có ảnh", media=(real,), uploads=kept)
    event, done = await sent(there, one)
    [imeta] = [tag for tag in event.tags if tag[0] == "imeta"]
    assert imeta[1:] == (
        f"url {there.base_url}/{real.sha256}",
        "m image/png",
        f"x {real.sha256}",
        f"size {real.size}",
        "dim 640x400",
        "alt Một ly trà",
    )
    assert event.content.endswith(real.sha256)
    assert there.platform.items[done.remote_id].media[0]["alt"] == "Một ly trà"
    before = there.faults.uploaded()
    await publishing.publish(there.session, duty("post", "Lại", media=(real,), uploads=kept))
    assert there.faults.uploaded() == before


def _digest(media: Media) -> str:
    return sha256(media.path.read_bytes()).hexdigest()


async def test_a_thread_names_its_root_and_all_in_it(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    there = await at_work("nostr")
    head, _ = await sent(there, duty("post", "Một"))
    part, _ = await sent(there, duty("reply", "Hai", reply_to=head.id, root=head.id))
    assert [tag for tag in part.tags if tag[0] == "e"] == [("e", head.id, "", "root", head.pubkey)]
    there.platform.comment(part.id, "lan", "Lan", "Hỏi")
    [asked] = [m for m in (await inbox.fetch(there.session, [head.id], "")).messages if not m.own]
    answer, _ = await sent(there, duty("reply", "Đáp", reply_to=asked.remote_id, root=head.id))
    assert [tag for tag in answer.tags if tag[0] == "e"] == [
        ("e", head.id, "", "root"),
        ("e", asked.remote_id, "", "reply", asked.author_id),
    ]
    assert set(answer.values("p")) == {asked.author_id, head.pubkey}
    assert parent_of(answer) == asked.remote_id


async def test_an_article_is_commented_by_its_own_kind(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    there = await at_work("nostr")
    article, done = await sent(there, duty("article", "# Trà", title="Trà"))
    there.platform.comment(done.remote_id, "lan", "Lan", "Hay quá")
    [asked] = (await inbox.fetch(there.session, [done.remote_id], "")).messages
    assert (asked.post_remote_id, asked.kind) == (done.remote_id, "comment")
    answer, _ = await sent(there, duty("reply", "Cảm ơn", reply_to=asked.remote_id, root=done.remote_id))
    assert answer.kind == 1111
    assert (answer.first("A"), answer.first("K"), answer.first("P")) == (
        article.address,
        "30023",
        article.pubkey,
    )
    assert (answer.first("e"), answer.first("k"), answer.first("p")) == (
        asked.remote_id,
        "1111",
        asked.author_id,
    )
    page = await inbox.fetch(there.session, [done.remote_id], "")
    assert {(m.text, m.own) for m in page.messages} == {("Hay quá", False), ("Cảm ơn", True)}
    await moderation.like(there.session, asked.remote_id, True)
    await publishing.withdraw(there.session, done.remote_id)
    assert done.remote_id not in there.platform.items


def test_old_ways_of_naming_what_is_answered() -> None:
    """NIP-10, positional tags: one names the parent, of several the last."""
    key, a, b = Key("1" * 64), "a" * 64, "b" * 64
    assert parent_of(key.sign(1, "", [["e", a]], 1)) == a
    assert parent_of(key.sign(1, "", [["e", a], ["e", b, "wss://x.example"]], 1)) == b
    assert parent_of(key.sign(1, "", [["e", a, "", "mention"]], 1)) == ""
    assert parent_of(key.sign(1, "", [["e", a, "", "root"], ["e", b, "", "reply"]], 1)) == b

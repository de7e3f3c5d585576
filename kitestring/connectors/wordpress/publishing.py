"""Publishing on WordPress: a post found again by its slug, a reply found again under its comment."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.article_html import cover_of
from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Media, Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, Rejected, RetryLater
from kitestring.connectors.wordpress import articles
from kitestring.connectors.wordpress.client import MANIFEST, Site, moderates, own_number, site
from kitestring.connectors.wordpress.slugs import mark

FIELDS = "id,slug,link,status,author"
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
}


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and an answer to what is neither a comment nor a post."""
    check_outgoing(MANIFEST, outgoing)
    articles.tags_in(outgoing.options)
    if outgoing.kind == "reply" and not outgoing.reply_to.isdecimal():
        comment_number(outgoing.reply_to)


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Put the post or reply live once. A lost answer to an upload is no lost post: it is only tried again."""
    check(session, outgoing)
    place = site(session)
    if outgoing.kind == "reply":
        return await _reply(session, place, outgoing)
    wanted = articles.slug_of(outgoing)
    told = await articles.settings(place, outgoing.options)
    files = [await _file(place, wanted, n, outgoing) for n in range(1, len(outgoing.media) + 1)]
    # A site's theme shows the featured picture by itself; only a picture can be one.
    featured = cover_of(outgoing.media)
    body: dict[str, Any] = {
        "title": outgoing.title.strip(),
        "content": articles.body(outgoing, files),
        "slug": wanted,
        "status": "publish",
        **told,
    }
    if featured is not None:
        body["featured_media"] = files[featured]["id"]
    made = await place.write("wp/v2/posts", body)
    live = Published(str(made["id"]), str(made.get("link") or ""))
    return live if made.get("slug") == wanted else await _eldest(session, place, outgoing, live)


async def _eldest(session: Session, place: Site, outgoing: Outgoing, live: Published) -> Published:
    """WordPress numbered our slug: if an earlier try of ours is live after all, the younger goes.

    Something is live whatever happens here, so trouble is never "refused": a person is told of both.
    """
    try:
        older = await _find(session, place, outgoing)
        if older is None or older.remote_id == live.remote_id:
            return live
        await place.call("DELETE", f"wp/v2/posts/{live.remote_id}", write=True, params={"force": "true"})
    except ConnectorError as error:
        raise Ambiguous("maybe_twice", said=live.url or live.remote_id) from error
    return older


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """The post by its slug, the reply by its words under its comment; None when it surely is not there."""
    place = site(session)
    if outgoing.kind == "reply":
        return await _own_reply(session, place, outgoing)
    return await _find(session, place, outgoing)


async def withdraw(session: Session, remote_id: str) -> None:
    """Move the post or reply to the site's bin; what is already gone is fine."""
    kind, number = ("comments", remote_id[1:]) if remote_id.startswith("c") else ("posts", remote_id)
    try:
        await site(session).call("DELETE", f"wp/v2/{kind}/{number}", write=True)
    except Rejected as error:
        if error.reason not in {"gone", "comment_gone"}:
            raise


def comment_number(remote_id: str) -> int:
    """A comment's number in WordPress. Our ids carry a "c", since posts and comments are numbered apart."""
    if remote_id.startswith("c") and remote_id[1:].isdecimal():
        return int(remote_id[1:])
    raise Rejected("reply_to", "comment_gone")


async def _find(session: Session, place: Site, outgoing: Outgoing) -> Published | None:
    """By the exact slug; then, should the title have changed since, by the mark among the newest posts."""
    exact = articles.slug_of(outgoing)
    found = shapes.rows(
        await place.read("wp/v2/posts", slug=exact, status="any", context="edit", _fields=FIELDS)
    )
    if not found:
        newest = await place.read(
            "wp/v2/posts",
            status="any",
            context="edit",
            author=str(own_number(session)),
            orderby="modified",
            per_page="100",
            _fields=FIELDS,
        )
        found = [post for post in shapes.rows(newest) if mark(outgoing.key) in str(post.get("slug"))]
    if not found:
        return None
    if found[0].get("status") != "publish":
        raise Ambiguous("not_public", said=str(found[0].get("status")))
    return Published(str(found[0]["id"]), str(found[0].get("link") or ""))


async def _file(place: Site, wanted: str, number: int, outgoing: Outgoing) -> dict[str, Any]:
    """The picture or video in the site's library with its alt text: the one an earlier try left there, else uploaded."""
    media, where = outgoing.media[number - 1], str(number)
    found = await _kept(place, outgoing, media, where)
    if found is None:
        name = f"{wanted}-{number}"
        found = await _named(place, name) or await _upload(place, name, media)
        await outgoing.uploads.keep(media, str(found["id"]), place=where, stays=True)
    return {"id": found["id"], "source_url": found.get("source_url", "")}


async def _kept(place: Site, outgoing: Outgoing, media: Media, where: str) -> dict[str, Any] | None:
    """By the number we were given; None when somebody has deleted it since."""
    kept = outgoing.uploads.get(media, where)
    if kept is None:
        return None
    try:
        return dict(await place.read(f"wp/v2/media/{kept.handle}", _fields="id,source_url"))
    except Rejected as error:
        if error.reason != "gone":
            raise
    await outgoing.uploads.forget(media, where)
    return None


async def _named(place: Site, name: str) -> dict[str, Any] | None:
    """By its name, should the answer to its upload have been lost."""
    found: list[dict[str, Any]] = await place.read("wp/v2/media", slug=name, _fields="id,source_url")
    return found[0] if found else None


async def _upload(place: Site, name: str, media: Media) -> dict[str, Any]:
    try:
        answer = await place.call(
            "POST",
            "wp/v2/media",
            write=True,
            params={"slug": name, "title": name, "alt_text": media.alt},
            headers={
                "Content-Type": media.mime,
                "Content-Disposition": f'attachment; filename="{quote(name)}.{ENDINGS.get(media.mime, "bin")}"',
            },
            content=media.path,
        )
        return dict(calls.json_of(answer, write=True))
    except Ambiguous as error:
        # Nothing a reader can see has happened yet, and the next try finds the picture by its name.
        raise RetryLater(error.reason, said=error.said) from error


async def _reply(session: Session, place: Site, outgoing: Outgoing) -> Published:
    """Directly under the post (its number stands alone), or under a comment there."""
    where = (
        {"post": int(outgoing.reply_to)}
        if outgoing.reply_to.isdecimal()
        else await _under(session, place, outgoing)
    )
    try:
        made = await place.write("wp/v2/comments", {**where, "content": escape(outgoing.text, quote=False)})
    except Rejected as error:
        # WordPress itself refuses the same words by the same person under the same comment.
        if error.reason == "said_already" and (older := await _own_reply(session, place, outgoing)):
            return older
        raise
    return Published(f"c{made['id']}", str(made.get("link") or ""))


async def _under(session: Session, place: Site, outgoing: Outgoing) -> dict[str, int]:
    """The comment answered, which must still be there; `approve` in the options lets a held one through first."""
    number = comment_number(outgoing.reply_to)
    seen_as = "edit" if moderates(session) else "view"
    comment = await place.read(f"wp/v2/comments/{number}", context=seen_as, _fields="id,post,status")
    if comment.get("status") in {"trash", "spam"}:
        raise Rejected("reply_to", "comment_gone")
    if comment.get("status") == "hold" and outgoing.options.get("approve"):
        try:
            await place.write(f"wp/v2/comments/{number}", {"status": "approved"})
        except Ambiguous as error:  # letting a comment through twice does no harm
            raise RetryLater(error.reason, said=error.said) from error
    return {"post": int(comment["post"]), "parent": number}


async def _own_reply(session: Session, place: Site, outgoing: Outgoing) -> Published | None:
    """Our reply with these very words under that comment (or post), whatever its standing as far as we may see."""
    on_post = outgoing.reply_to.isdecimal()
    above = 0 if on_post else comment_number(outgoing.reply_to)
    place_there = {"post": outgoing.reply_to} if on_post else {}
    rights = {"author": str(own_number(session)), "status": "all", "context": "edit"}
    found = await place.read(
        "wp/v2/comments",
        parent=str(above),
        per_page="100",
        _fields="id,link,content,author,parent",
        **place_there,
        **(rights if moderates(session) else {}),
    )
    wanted = " ".join(outgoing.text.split())
    for reply in shapes.rows(found):
        content = reply["content"].get("raw") or reply["content"].get("rendered") or ""
        if int(reply.get("parent") or 0) != above:
            continue
        if reply.get("author") == own_number(session) and " ".join(to_text(str(content)).split()) == wanted:
            return Published(f"c{reply['id']}", str(reply.get("link") or ""))
    return None

"""POST /2/tweets: what X refuses, in its words, and the post that comes of the rest."""

from __future__ import annotations

from typing import Any

import regex

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.emulation import Item
from kitestring.connectors.x.emulated.files import Files
from kitestring.connectors.x.emulated.problems import forbidden, invalid
from kitestring.connectors.x.emulated.world import World

KNOWN = {
    "text", "media", "reply", "poll", "quote_tweet_id", "reply_settings", "made_with_ai", "paid_partnership",
    "card_uri", "community_id", "direct_message_deep_link", "edit_options", "for_super_followers_only", "geo",
    "nullcast", "share_with_followers",
}  # fmt: skip
READERS = {"following", "mentionedUsers", "subscribers", "verified"}
SAME_WORDS_FOR = 86_400.0  # seconds; X names no span
_CASHTAG = regex.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?!\w)")
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of "
    "the post you are replying to."
)


class Posting:
    def __init__(self, world: World, files: Files) -> None:
        self.world, self.files, self.platform = world, files, world.platform

    def post(self, account: str, body: dict[str, Any]) -> Item:
        """The post, live. Raises Refusal."""
        text = str(body.get("text") or "")
        handles = [str(one) for one in (body.get("media") or {}).get("media_ids") or ()]
        self._shape(body, text, handles)
        self._words(account, text)
        media = self.files.shown(account, handles)
        above = self._above(account, body)
        quoted = str(body.get("quote_tweet_id") or "")
        if quoted and not self.world.has("enterprise", account):
            raise forbidden("Quoting posts is not available on your current plan.")
        self._twin(account, text)
        extra = {key: body.get(key) for key in ("made_with_ai", "paid_partnership", "reply_settings", "poll")}
        item = Item(
            self.world.new_id(), account, text, self.platform.clock().isoformat(),
            parent=above.id if above else "", author_name=account.replace("-", " ").title(), media=media,
            extra={**extra, "quoted": quoted},
        )  # fmt: skip
        return self.platform.add(item)

    def _shape(self, body: dict[str, Any], text: str, handles: list[str]) -> None:
        for name in body:
            if name not in KNOWN:
                raise invalid(f"$.{name}: is not defined in the schema", **{name: body[name]})
        if not isinstance(body.get("text", ""), str):
            raise invalid("$.text: integer found, string expected", text=body["text"])
        if not text.strip() and not handles:
            raise invalid("$.text: is missing but it is required", text=text)
        if sum(bool(body.get(key)) for key in ("media", "poll", "quote_tweet_id")) > 1:
            raise invalid("media, poll and quote_tweet_id exclude each other", media=handles)
        if len(handles) > 4:
            raise invalid("$.media.media_ids: at most 4", **{"media.media_ids": handles})
        if body.get("reply_settings") not in {None, *READERS}:
            raise invalid("$.reply_settings: unknown", reply_settings=body["reply_settings"])
        poll = body.get("poll")
        if poll is not None:
            choices = poll.get("options") or []
            if not 2 <= len(choices) <= 4 or any(not 1 <= len(one) <= 25 for one in choices):
                raise invalid("$.poll.options: two to four of 1 to 25 letters", **{"poll.options": choices})
            if not 5 <= poll.get("duration_minutes", 0) <= 10_080:
                raise invalid("$.poll.duration_minutes: 5 to 10080", **{"poll.duration_minutes": ""})

    def _words(self, account: str, text: str) -> None:
        most = 25_000 if self.world.has("premium", account) else 280
        if count(text, "weighted", url_weight=23) > most:
            raise forbidden("Your Tweet text is too long.")
        if len(_CASHTAG.findall(text)) > 1 and not self.world.has("enterprise", account):
            raise forbidden("Posts created via the API are limited to 1 cashtag.")

    def _above(self, account: str, body: dict[str, Any]) -> Item | None:
        """What is answered: one's own post, or one whose author named or quoted the account."""
        asked = str((body.get("reply") or {}).get("in_reply_to_tweet_id") or "")
        if not asked:
            return None
        above = self.world.find(asked)
        if above is None or not self.world.is_post(above):
            raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        quotes = self.world.find(above.extra.get("quoted") or "")
        summoned = self.world.names(above, account) or (quotes is not None and quotes.author == account)
        if above.author != account and not summoned and not self.world.has("enterprise", account):
            raise forbidden(NOT_SUMMONED)
        return above

    def _twin(self, account: str, text: str) -> None:
        if self.platform.memory.get("no_limits") or not text.strip():
            return
        latest = self.world.new_id()
        span = int(SAME_WORDS_FOR * 1000) << 22
        for item in self.world.posts_of(account):
            if int(latest) - int(self.world.id_of(item)) > span:
                return
            if item.text.strip() == text.strip():
                raise forbidden(DUPLICATE)

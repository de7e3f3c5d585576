"""Posts, topics and lists as the forum's API shows them. Every field its description requires is there."""

from __future__ import annotations

from html import escape
from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.discourse.emulated.world import World

LIKE = 2
PICTURE = "/letter_avatar_proxy/v4/letter/k/5f8ce5/{size}.png"
NOBODY = ("primary_group_name", "flair_name", "flair_url", "flair_bg_color", "flair_color", "flair_group_id")


def moment(at: str) -> str:
    return at.replace("+00:00", "Z")


def cooked(text: str) -> str:
    paragraphs = escape(text, quote=False).split("\n\n")
    return "".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in paragraphs)


class Shown:
    def __init__(self, world: World) -> None:
        self.world = world

    def post(self, item: Item, reader: str = "") -> dict[str, Any]:
        """A post in full, as `reader` (an account's name) sees it."""
        world, topic = self.world, self.world.topic_of(item)
        above = world.platform.items.get(item.parent)
        answers = above is not None and bool(above.parent)
        mine = item.author == reader
        like = {"id": LIKE, "count": item.counts.get("likes", 0), "acted": bool(item.extra.get("liked"))}
        return {
            "id": world.post_id(item),
            "name": item.author_name or world.title(item.author),
            "username": world.username(item.author),
            "display_username": item.author_name or world.title(item.author),
            "avatar_template": PICTURE,
            "created_at": moment(item.at),
            "updated_at": moment(item.at),
            "cooked": cooked(item.text),
            "raw": item.text,
            "post_number": world.number(item),
            "post_type": 1,
            "posts_count": len(world.posts_in(topic)),
            "reply_count": world.platform.replies(item.id),
            "reply_to_post_number": world.number(above) if answers and above else None,
            "quote_count": 0,
            "incoming_link_count": 0,
            "reads": 1,
            "readers_count": 0,
            "score": 0.2,
            "yours": mine,
            "topic_id": topic,
            "topic_slug": self.slug(item),
            **dict.fromkeys(NOBODY),
            **PLAIN_POST,
            "can_edit": mine,
            "can_delete": mine,
            "actions_summary": [{**like, "can_act": not mine, "can_undo": like["acted"]}],
            "user_id": world.user_id(item.author),
            "hidden": bool(item.extra.get("hidden")),
            "post_url": f"/t/{self.slug(item)}/{topic}/{world.number(item)}",
        }

    def slug(self, item: Item) -> str:
        return f"topic-{self.world.topic_of(item)}"

    def posts(self, items: list[Item], reader: str, whole: bool) -> list[dict[str, Any]]:
        """Posts in a topic's stream; with their source where it is asked for."""
        found = [{**self.post(item, reader), "link_counts": [], "read": True} for item in items]
        leave = {"badges_granted", "draft_sequence", "post_url", "flair_group_id", "posts_count"}
        leave |= set() if whole else {"raw"}
        return [{k: v for k, v in one.items() if k not in leave} for one in found]

    def topic(self, number: int, reader: str, whole: bool) -> dict[str, Any]:
        items = self.world.posts_in(number)
        head = items[0]
        person = {
            "id": self.world.user_id(head.author),
            "username": self.world.username(head.author),
            "name": head.author_name or self.world.title(head.author),
            "avatar_template": PICTURE,
        }
        return {
            **self._summary(number, items),
            "post_stream": {
                "posts": self.posts(items[:20], reader, whole),
                "stream": [self.world.post_id(item) for item in items],
            },
            "details": {**dict.fromkeys(DETAILS, True), "notification_level": 1, "can_remove_self_id": 1,
                        "created_by": person, "last_poster": person},
            **PLAIN_TOPIC,
            "user_id": person["id"],
            "draft_key": f"topic_{number}",
        }  # fmt: skip

    def _summary(self, number: int, items: list[Item]) -> dict[str, Any]:
        head, last = items[0], items[-1]
        talk = head.kind == "message"
        return {
            "id": number,
            "title": head.title or "Private",
            "fancy_title": head.title or "Private",
            "slug": self.slug(head),
            "posts_count": len(items),
            "reply_count": sum(1 for item in items[1:] if item.parent and item.parent != head.id),
            "highest_post_number": self.world.highest(number),
            "created_at": moment(head.at),
            "last_posted_at": moment(last.at),
            "archetype": "private_message" if talk else "regular",
            "views": head.counts.get("views", 0),
            "like_count": sum(item.counts.get("likes", 0) for item in items),
            "category_id": None if talk else int(head.extra.get("category") or 1),
            "image_url": None,
            "visible": True,
            "closed": False,
            "archived": False,
            "has_summary": False,
            "pinned": False,
            "pinned_globally": False,
            "unpinned": None,
            "featured_link": None,
            "bookmarked": False,
        }

    def listed(self, number: int) -> dict[str, Any]:
        """A topic in a list."""
        items = self.world.posts_in(number)
        told = self._summary(number, items)
        moved = {"bumped": True, "bumped_at": told["last_posted_at"], "unseen": False, "liked": False}
        last = self.world.username(items[-1].author)
        seen = {"last_read_post_number": 1, "unread_posts": 0, "notification_level": 1, "op_like_count": 0}
        return {**told, **moved, **seen, "image_url": "", "last_poster_username": last, "posters": []}

    def lists(self, numbers: list[int]) -> dict[str, Any]:
        listed = {"can_create_topic": True, "draft": None, "draft_key": "new_topic", "draft_sequence": 0}
        topics = [self.listed(number) for number in numbers]
        return {"users": [], "primary_groups": [], "topic_list": {**listed, "per_page": 30, "topics": topics}}


DETAILS = (
    "can_edit", "can_move_posts", "can_delete", "can_remove_allowed_users", "can_create_post",
    "can_reply_as_new_topic", "can_convert_topic", "can_review_topic", "can_close_topic", "can_archive_topic",
    "can_split_merge_topic", "can_edit_staff_notes", "can_toggle_topic_visibility", "can_pin_unpin_topic",
    "can_moderate_category",
)  # fmt: skip
PLAIN_POST: dict[str, Any] = {
    "version": 1, "can_recover": False, "can_wiki": False, "can_see_hidden_post": True, "user_title": None,
    "bookmarked": False, "badges_granted": [], "moderator": False, "admin": False, "staff": False, "draft_sequence": 0,
    "trust_level": 1, "deleted_at": None, "user_deleted": False, "edit_reason": None, "can_view_edit_history": True,
    "wiki": False, "reviewable_id": 0, "reviewable_score_count": 0, "reviewable_score_pending_count": 0,
}  # fmt: skip
PLAIN_TOPIC: dict[str, Any] = {
    "timeline_lookup": [], "suggested_topics": [], "tags": [], "tags_descriptions": {}, "word_count": 1,
    "deleted_at": None, "pinned_at": None, "pinned_until": None, "slow_mode_seconds": 0, "draft": None,
    "draft_sequence": 0, "current_post_number": 1, "deleted_by": None, "has_deleted": False, "actions_summary": [],
    "chunk_size": 20, "bookmarks": [], "topic_timer": None, "message_bus_last_id": 0, "participant_count": 1,
    "show_read_indicator": False, "thumbnails": None, "slow_mode_enabled_until": None,
}  # fmt: skip

"""What TikTok holds: accounts with their settings, and every publishing by its number, with the states it goes through.

Names tell what an account is: "private" in it is a private one, "short" may post one minute, "quiet" allows no comments.
`platform.memory["unaudited"]`: the app is not audited. `["verified"]`: addresses photos may come from (none set: any).
`["fails"]`: the reason for which the next publishing fails.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectors.tiktok.emulated.replies import Refusal

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_DAY, WAITING, A_MINUTE = 15, 5, 6  # direct posts, drafts not finished, beginnings
FIRST_ID = 7_300_000_000_000_000_000
LEVELS = {
    False: ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
    True: ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
}


class World:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @property
    def kept(self) -> dict[str, dict[str, Any]]:
        """Publishings by their number."""
        found: dict[str, dict[str, Any]] = self.platform.memory.setdefault("publishings", {})
        return found

    def now(self) -> datetime:
        return self.platform.clock()

    def creator(self, account: str) -> dict[str, Any]:
        private = "private" in account
        return {
            "creator_avatar_url": "https://p16.example/avatar.webp",
            "creator_username": account.replace("-", "_"),
            "creator_nickname": account,
            "privacy_level_options": LEVELS[private],
            "comment_disabled": "quiet" in account,
            "duet_disabled": private,
            "stitch_disabled": private,
            "max_video_post_duration_sec": 60 if "short" in account else 600,
        }

    def caps(self, account: str, *, draft: bool, status: int = 403) -> None:
        """Refuse what goes over the caps, unless a test lifted them."""
        if "banned" in account:
            raise Refusal(status, "spam_risk_user_banned_from_posting")
        if self.platform.memory.get("no_limits"):
            return
        own = [one for one in self.kept.values() if one["account"] == account]
        recent = [one for one in own if self._age(one) < DAY]
        if draft and sum(one["draft"] and one["status"] != "PUBLISH_COMPLETE" for one in recent) >= WAITING:
            raise Refusal(status, "spam_risk_too_many_pending_share")
        if not draft and sum(not one["draft"] for one in recent) >= A_DAY:
            raise Refusal(status, "spam_risk_too_many_posts")

    def pace(self, account: str) -> None:
        """Six beginnings a minute."""
        if self.platform.memory.get("no_limits"):
            return
        own = [one for one in self.kept.values() if one["account"] == account]
        if sum(self._age(one) < timedelta(minutes=1) for one in own) >= A_MINUTE:
            raise Refusal(429, "rate_limit_exceeded")

    def check_privacy(self, account: str, level: Any, branded: bool) -> None:
        found = self.creator(account)["privacy_level_options"]
        if level not in found:
            raise Refusal(403, "privacy_level_option_mismatch")
        if self.platform.memory.get("unaudited") and ("private" not in account or level != "SELF_ONLY"):
            raise Refusal(403, "unaudited_client_can_only_post_to_private_accounts")
        if branded and level == "SELF_ONLY":
            raise Refusal(400, "invalid_param", "branded content can not be private")

    def begin(self, account: str, prefix: str, **facts: Any) -> str:
        """A new publishing; its number."""
        self.pace(account)
        number = f"{prefix}.{self.platform.next_id()}"
        self.kept[number] = {
            "account": account, "at": self.now().isoformat(), "status": "PROCESSING_UPLOAD", "reason": "", "asked": 0,
            "uploaded": 0, "size": 0, "item": "", "draft": False, **facts,
        }  # fmt: skip
        return number

    def arrived(self, number: str) -> None:
        """All of it is there: it fails, lies in the inbox, or is live."""
        one = self.kept[number]
        if reason := self.platform.memory.pop("fails", ""):
            one["status"], one["reason"] = "FAILED", reason
        elif one["draft"]:
            one["status"] = "SEND_TO_USER_INBOX"
        else:
            one["status"] = "PROCESSING"
            self.show(number)

    def show(self, number: str) -> None:
        """Put it live. What only some may see has no id that is ever told."""
        one = self.kept[number]
        public = one.get("level") == "PUBLIC_TO_EVERYONE"
        one["public"] = public
        made = str(FIRST_ID + int(self.platform.next_id())) if public else number
        item = Item(
            made, one["account"], one.get("text", ""), self.now().isoformat(), author_name=one["account"],
            title=one.get("title", ""), media=one.get("media", []), extra={"info": one.get("info", {})},
        )  # fmt: skip
        one["item"] = self.platform.add(item).id

    def finish(self, number: str) -> None:
        """As when a person opens the notification in the app and posts the draft for everybody."""
        one = self.kept[number]
        if one["status"] == "SEND_TO_USER_INBOX":
            one["status"], one["level"], one["asked"] = "PUBLISH_COMPLETE", "PUBLIC_TO_EVERYONE", 2
            self.show(number)

    def told(self, account: str, number: str) -> dict[str, Any]:
        """The state, one step further with each question: worked on, complete, through moderation."""
        one = self.kept.get(number)
        if one is None:
            raise Refusal(400, "invalid_publish_id")
        if one["account"] != account:
            raise Refusal(400, "token_not_authorized_for_specified_publish_id")
        status, posts = one["status"], []
        if status == "PROCESSING":
            one["asked"] += 1
            status = "PROCESSING_DOWNLOAD" if one.get("pulled") else "PROCESSING_UPLOAD"
            if one["asked"] >= 2:
                one["status"] = status = "PUBLISH_COMPLETE"
        elif status == "PUBLISH_COMPLETE":
            one["asked"] += 1
            posts = [int(one["item"])] if one.get("public") and one["asked"] >= 3 else []
        data: dict[str, Any] = {"status": status, "publicaly_available_post_id": posts}
        if one["reason"]:
            data["fail_reason"] = one["reason"]
        data["downloaded_bytes" if one.get("pulled") else "uploaded_bytes"] = one["uploaded"]
        return data

    def _age(self, one: dict[str, Any]) -> timedelta:
        return self.now() - datetime.fromisoformat(one["at"])

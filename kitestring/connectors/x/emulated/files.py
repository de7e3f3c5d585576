"""Uploads: initialize, append, finalize, then for videos and GIFs a while of work, asked after by STATUS."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.x.emulated.problems import invalid, not_found
from kitestring.connectors.x.emulated.world import World

MOST = {"tweet_image": 5_000_000, "tweet_gif": 15_000_000, "tweet_video": 8_000_000_000}
MIMES = {
    "image/jpeg": "tweet_image", "image/png": "tweet_image", "image/webp": "tweet_image",
    "image/gif": "tweet_gif", "video/mp4": "tweet_video", "video/quicktime": "tweet_video",
}  # fmt: skip
KEPT = 86_400  # seconds a file is kept that no post shows
BROKEN = b"not a film"  # a video whose bytes say so is taken, and then cannot be worked on


class Files:
    """The files of the emulated X, in the platform's memory."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kept: dict[str, Any] = world.platform.memory.setdefault("files", {})

    def begin(self, account: str, body: dict[str, Any]) -> dict[str, Any]:
        mime, category = str(body.get("media_type")), str(body.get("media_category"))
        size = body.get("total_bytes")
        if MIMES.get(mime) != category:
            raise invalid(
                f"media_category {category} does not fit media_type {mime}", media_category=category
            )
        most = (
            16_000_000_000
            if self.world.has("premium", account) and category == "tweet_video"
            else MOST[category]
        )
        if not isinstance(size, int) or not 0 < size <= most:
            raise invalid("maxFileSizeExceeded", total_bytes=size)
        handle = self.world.new_id()
        self.kept[handle] = {
            "owner": account, "mime": mime, "category": category, "size": size, "pieces": {},
            "state": "begun", "alt": "", "broken": False,
        }  # fmt: skip
        return {"id": handle, "media_key": f"3_{handle}", "expires_after_secs": KEPT}

    def add(self, account: str, handle: str, number: int, data: bytes) -> dict[str, Any]:
        """A piece: the same number again takes the first one's place."""
        file = self.of(account, handle)
        if not 0 <= number <= 999:
            raise invalid("segment_index must be between 0 and 999", segment_index=number)
        file["pieces"][str(number)] = len(data)
        file["broken"] = file["broken"] or BROKEN in data
        return {"expires_at": int(self.world.platform.clock().timestamp()) + KEPT}

    def end(self, account: str, handle: str) -> dict[str, Any]:
        file = self.of(account, handle)
        have = sum(file["pieces"].values())
        if have != file["size"]:
            raise invalid(f"{have} bytes of {file['size']} were uploaded", media_id=handle)
        file["state"] = "ready" if file["category"] == "tweet_image" else "pending"
        return self.told(handle)

    def status(self, account: str, handle: str) -> dict[str, Any]:
        """Each time it is asked, a video is a step further."""
        file = self.of(account, handle)
        steps = {"pending": "in_progress", "in_progress": "failed" if file["broken"] else "ready"}
        file["state"] = steps.get(file["state"], file["state"])
        return self.told(handle)

    def told(self, handle: str) -> dict[str, Any]:
        file = self.kept[handle]
        told: dict[str, Any] = {"id": handle, "media_key": f"3_{handle}", "size": file["size"]}
        told["expires_after_secs"] = KEPT
        if file["state"] in ("pending", "in_progress"):
            told["processing_info"] = {"state": file["state"], "check_after_secs": 1}
        elif file["state"] == "failed":
            told["processing_info"] = {"state": "failed", "progress_percent": 30}
        elif file["category"] != "tweet_image":
            told["processing_info"] = {"state": "succeeded", "progress_percent": 100}
        return told

    def describe(self, account: str, body: dict[str, Any]) -> dict[str, Any]:
        handle = str(body.get("id"))
        text = ((body.get("metadata") or {}).get("alt_text") or {}).get("text")
        if not isinstance(text, str) or not 0 < len(text) <= 1000:
            raise invalid("alt_text must have 1 to 1000 letters", alt_text=text)
        self.of(account, handle)["alt"] = text
        return {"id": handle, "associated_metadata": {"alt_text": {"text": text}}}

    def of(self, account: str, handle: str) -> dict[str, Any]:
        found = self.kept.get(handle)
        if found is None or found["owner"] != account:
            raise not_found("media", handle)
        return dict_of(found)

    def shown(self, account: str, handles: list[str]) -> list[dict[str, Any]]:
        """The files as a post shows them. Raises Refusal for one that is not there or not ready."""
        every = [self.kept.get(handle) for handle in handles]
        if any(one is None or one["owner"] != account or one["state"] != "ready" for one in every):
            raise invalid("Your media IDs are invalid.", **{"media.media_ids": ",".join(handles)})
        kinds = [one["category"] for one in every if one is not None]
        if len(kinds) > 1 and set(kinds) != {"tweet_image"}:
            raise invalid("Only one GIF or video may be attached.", **{"media.media_ids": ",".join(handles)})
        return [
            {"id": handle, "mime": one["mime"], "alt": one["alt"]}
            for handle, one in zip(handles, every, strict=True)
            if one is not None
        ]


def dict_of(found: Any) -> dict[str, Any]:
    """The row itself, known to be one."""
    if not isinstance(found, dict):
        raise TypeError("a file is kept as a row")
    return found


def lose(platform: Platform) -> None:
    """Clear away what no post shows, as X does after a day."""
    platform.memory.get("files", {}).clear()

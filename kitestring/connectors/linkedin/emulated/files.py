"""Pictures and videos on their way up. Source: learn.microsoft.com/linkedin: Images API, Videos API."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.linkedin.emulated import problems

PART = 4_194_304
LIGHTEST, HEAVIEST = 75_000, 500_000_000
SIGNS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}


class Files:
    """What was begun, by its name: owner, how much is there, in which state."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @property
    def known(self) -> dict[str, dict[str, Any]]:
        made: dict[str, dict[str, Any]] = self.platform.memory.setdefault("files", {})
        return made

    def begin_image(self, owner: str, base: str) -> dict[str, Any]:
        key = f"C4E10AQ{self.platform.next_id()}"
        self.known[f"urn:li:image:{key}"] = {"owner": owner, "status": "WAITING_UPLOAD", "mime": ""}
        return {
            "uploadUrlExpiresAt": int(self.platform.clock().timestamp() * 1000) + 86_400_000,
            "uploadUrl": f"{base}/dms-uploads/{key}/uploaded-image/0",
            "image": f"urn:li:image:{key}",
        }

    def begin_video(self, owner: str, size: Any, base: str) -> dict[str, Any]:
        if not isinstance(size, int) or not 0 < size <= HEAVIEST:
            raise problems.wrong("INVALID_VALUE_FOR_FIELD", "fileSizeBytes is not valid", "/fileSizeBytes")
        key = f"C5505AQ{self.platform.next_id()}"
        row = {"owner": owner, "status": "WAITING_UPLOAD", "mime": "video/mp4", "size": size, "tags": {}}
        self.known[f"urn:li:video:{key}"] = row
        parts = [
            {
                "uploadUrl": f"{base}/dms-uploads/{key}/uploadedVideo?part={part}",
                "firstByte": part * PART,
                "lastByte": min((part + 1) * PART, size) - 1,
            }
            for part in range(-(-size // PART))
        ]
        told = {"video": f"urn:li:video:{key}", "uploadInstructions": parts, "uploadToken": ""}
        return {**told, "uploadUrlsExpireAt": int(self.platform.clock().timestamp() * 1000) + 30 * 86_400_000}

    def take_image(self, key: str, data: bytes) -> None:
        row = self.known.get(f"urn:li:image:{key}")
        if row is None:
            raise problems.missing(key)
        row["mime"] = next((mime for sign, mime in SIGNS.items() if data.startswith(sign)), "")
        row["status"] = "AVAILABLE" if row["mime"] else "PROCESSING_FAILED"

    def take_part(self, key: str, part: int, data: bytes) -> str:
        """The part's ETag."""
        row = self.known.get(f"urn:li:video:{key}")
        if row is None:
            raise problems.missing(key)
        wanted = min((part + 1) * PART, row["size"]) - part * PART
        if len(data) != wanted:
            raise problems.wrong(
                "INVALID_VALUE_FOR_FIELD", f"part {part} has {len(data)} bytes, not {wanted}"
            )
        if part == 0:
            row["broken"] = b"ftyp" not in data[:64]
        row["tags"][str(part)] = f"/ambry-videoei/signedId/{key}{part}.bin"
        return str(row["tags"][str(part)])

    def finish(self, video: str, tags: Any) -> None:
        row = self.known.get(video)
        if row is None or "tags" not in row:
            raise problems.wrong("INVALID_VIDEO_ID", "This Video ID is invalid", "/video")
        parts = [row["tags"][key] for key in sorted(row["tags"], key=int)]
        if not parts or len(parts) * PART < row["size"]:
            raise problems.wrong("MEDIA_ASSET_WAITING_UPLOAD", "Media asset is waiting upload")
        if tags != parts:
            raise problems.wrong(
                "INVALID_VALUE_FOR_FIELD", "uploadedPartIds do not match", "/uploadedPartIds"
            )
        row["status"] = "PROCESSING"

    def look(self, name: str, reads: bool) -> web.Response:
        """A file's state. Each look moves a video on, as time does."""
        row = self.known.get(name)
        if row is None:
            raise problems.missing(name)
        if name.startswith("urn:li:image:") and not reads:
            said = (
                "Accessing this image resource is forbidden. Please check your permissions for this resource"
            )
            raise problems.Refusal(403, said, "ACCESS_DENIED")
        told = {"id": name, "owner": row["owner"], "status": row["status"]}
        if row["status"] == "PROCESSING":
            row["status"] = (
                "PROCESSING_FAILED" if row.get("broken") or row["size"] < LIGHTEST else "AVAILABLE"
            )
        if told["status"] == "PROCESSING_FAILED":
            told["processingFailureReason"] = "unsupported file format"
        return web.json_response(told)

    def usable(self, name: str, author: str, path: str) -> dict[str, str]:
        """What a post shows of a file, or why it may not."""
        row = self.known.get(name)
        if row is None:
            raise problems.wrong("INVALID_URN_ID", f"{name} is not valid", path)
        if row["owner"] != author:
            raise problems.wrong("INVALID_CONTENT_OWNERSHIP", "The content is not owned by the author", path)
        if row["status"] == "WAITING_UPLOAD" or (row["status"] == "PROCESSING" and "tags" in row):
            raise problems.wrong("MEDIA_ASSET_WAITING_UPLOAD", "Media asset is waiting upload", path)
        if row["status"] == "PROCESSING_FAILED":
            raise problems.wrong("MEDIA_ASSET_PROCESSING_FAILED", "Media asset failed processing", path)
        return {"id": name, "mime": str(row["mime"])}


def lose(platform: Platform) -> None:
    """As when files nobody used are cleared away."""
    platform.memory["files"] = {}

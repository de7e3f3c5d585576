"""Pins at the emulated Pinterest: what one may be, as its API describes it, and how it is shown."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from zlib import crc32

from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores
from kitestring.connectors.pinterest.emulated.login import Login
from kitestring.connectors.pinterest.emulated.numbers import shown_numbers
from kitestring.connectors.pinterest.emulated.world import Refusal, World, paged

LONGEST = {"title": 100, "description": 800, "link": 2048, "alt_text": 500}
FIRST_BYTES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}
SIZES = {"150x150": (150, 150), "400x300": (400, 300), "600x": (600, 900), "1200x": (1200, 1800)}


class Pins:
    def __init__(self, world: World, login: Login) -> None:
        self.world, self.login = world, login

    @stores
    async def create(self, request: web.Request) -> web.Response:
        name, body = self.login.who(request), await body_of(request)
        check_words(body)
        board = self.world.board(name, str(body.get("board_id") or ""))
        if body.get("sponsor_id") is not None and not self.world.platform.memory.get("partnerships"):
            raise Refusal(403, 29, "You are not permitted to access that resource.")
        source = body.get("media_source")
        media = self._media(name, source if isinstance(source, dict) else {})
        extra = {
            "board": board["id"],
            "link": body.get("link"),
            "alt": body.get("alt_text"),
            "colour": body.get("dominant_color"),
            "sponsor": body.get("sponsor_id"),
        }
        pin = Item(
            self.world.platform.next_id(),
            name,
            str(body.get("description") or ""),
            self.world.platform.clock().isoformat(),
            author_name=str(self.world.account(name)["business_name"]),
            title=str(body.get("title") or ""),
            media=media,
            extra=extra,
        )
        return web.json_response(self.shown(self.world.platform.add(pin), name), status=201)

    async def one(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        pin = self.world.pin(request.match_info["id"])
        counted = request.query.get("pin_metrics") == "true"
        return web.json_response(self.shown(pin, name, counted=counted))

    async def change(self, request: web.Request) -> web.Response:
        name, body = self.login.who(request), await body_of(request)
        pin = self._own(request, name)
        if self.world.platform.memory.get("no_beta"):
            raise Refusal(403, 29, "You are not permitted to access that resource.")
        check_words(body)
        pin.title = str(body["title"] or "") if "title" in body else pin.title
        pin.text = str(body["description"] or "") if "description" in body else pin.text
        for key, field in (("link", "link"), ("alt", "alt_text")):
            pin.extra[key] = body.get(field, pin.extra.get(key))
        if "board_id" in body:
            pin.extra["board"] = self.world.board(name, str(body["board_id"]))["id"]
        return web.json_response(self.shown(pin, name))

    async def delete(self, request: web.Request) -> web.Response:
        pin = self._own(request, self.login.who(request))
        self.world.platform.remove(pin.id)
        return web.Response(status=204)

    async def on_board(self, request: web.Request) -> web.Response:
        name = self.login.who(request)
        board = self.world.board(name, request.match_info["id"])
        rows, bookmark = paged(self.world.pins_on(board["id"]), request)
        items = [self.shown(pin, name) for pin in rows]
        return web.json_response({"items": items, "bookmark": bookmark})

    async def own(self, request: web.Request) -> web.Response:
        """All pins of the account, on whichever board, newest first."""
        name = self.login.who(request)
        rows, bookmark = paged(list(reversed(self.world.platform.posts(name))), request)
        return web.json_response({"items": [self.shown(pin, name) for pin in rows], "bookmark": bookmark})

    def _own(self, request: web.Request, name: str) -> Item:
        pin = self.world.pin(request.match_info["id"])
        if pin.author != name:
            raise Refusal(403, 7, "Not authorized to access board or Pin.")
        return pin

    def _media(self, name: str, source: dict[str, Any]) -> list[dict[str, Any]]:
        kind = source.get("source_type")
        if kind == "image_base64":
            return [_still(source)]
        if kind == "multiple_image_base64":
            items = source.get("items") or []
            if not 2 <= len(items) <= 5:
                raise Refusal(400, 1, "Invalid media_source: items must have between 2 and 5 images.")
            return [{**_still(item), "link": item.get("link")} for item in items]
        if kind == "video_id":
            return [self._film(name, source)]
        raise Refusal(400, 1, "Invalid media_source: source_type is missing or unknown.")

    def _film(self, name: str, source: dict[str, Any]) -> dict[str, Any]:
        kept = self.world.uploads.get(str(source.get("media_id")))
        if kept is None or kept["owner"] != name:
            raise Refusal(400, 1, "Invalid media_source: video media_id is not known.")
        if kept["status"] != "succeeded":
            raise Refusal(400, 1, f"Invalid media_source: video is {kept['status']}.")
        covers = ("cover_image_url", "cover_image_data", "cover_image_key_frame_time")
        if all(source.get(key) is None for key in covers):
            raise Refusal(400, 1, "Invalid media_source: video has no cover image.")
        return {"mime": kept["mime"], "cover": source.get("cover_image_key_frame_time")}

    def shown(self, pin: Item, viewer: str, *, counted: bool = False) -> dict[str, Any]:
        """A pin as the API shows it. Times are UTC, to the second."""
        shown: dict[str, Any] = {
            "id": pin.id,
            "created_at": f"{pin.at[:19]}Z",
            "title": pin.title or None,
            "description": pin.text or None,
            "link": pin.extra.get("link"),
            "alt_text": pin.extra.get("alt"),
            "dominant_color": pin.extra.get("colour") or _own_colour(pin),
            "board_id": pin.extra["board"],
            "board_owner": {"username": self.world.username(pin.author)},
            "board_section_id": None,
            "parent_pin_id": None,
            "is_owner": pin.author == viewer,
            "is_standard": True,
            "has_been_promoted": False,
            "creative_type": _creative_type(pin),
            "media": _media_shown(pin),
            "pin_metrics": None,
        }
        if counted:
            shown["pin_metrics"] = shown_numbers(self.world, pin)
        return shown


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise Refusal(400, 1, "The request body is not JSON.") from error
    if not isinstance(body, dict):
        raise Refusal(400, 1, "The request body is not an object.")
    return body


def check_words(body: dict[str, Any]) -> None:
    for field, most in LONGEST.items():
        value = body.get(field)
        if value is not None and (not isinstance(value, str) or len(value) > most):
            raise Refusal(400, 1, f"Invalid {field}: must be a string of at most {most} characters.")


def _still(item: dict[str, Any]) -> dict[str, Any]:
    mime, data = str(item.get("content_type")), str(item.get("data") or "")
    if mime not in FIRST_BYTES:
        raise Refusal(400, 1, f"Invalid media_source: image content_type {mime} is not supported.")
    try:
        found = base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise Refusal(400, 1, "Invalid media_source: image data is not base64.") from error
    if not found.startswith(FIRST_BYTES[mime]):
        raise Refusal(400, 1, f"Invalid media_source: image data is not {mime}.")
    return {"mime": mime, "size": len(found)}


def _own_colour(pin: Item) -> str:
    """A colour from the picture, as Pinterest finds one by itself; here a dark one."""
    return f"#{crc32(pin.id.encode()) & 0x7F7F7F:06x}"


def _creative_type(pin: Item) -> str:
    if len(pin.media) > 1:
        return "CAROUSEL"
    return "VIDEO" if _is_film(pin) else "REGULAR"


def _is_film(pin: Item) -> bool:
    return any(str(one.get("mime")).startswith("video/") for one in pin.media)


def _media_shown(pin: Item) -> dict[str, Any]:
    images = {
        size: {"width": width, "height": height, "url": f"https://i.pinterest.test/{size}/{pin.id}.jpg"}
        for size, (width, height) in SIZES.items()
    }
    if len(pin.media) > 1:
        told = [
            {
                "item_type": "image",
                "title": None,
                "description": None,
                "link": one.get("link"),
                "images": images,
            }
            for one in pin.media
        ]
        return {"media_type": "multiple_images", "items": told}
    if _is_film(pin):
        cover = images["1200x"]["url"]
        return {"media_type": "video", "images": images, "cover_image_url": cover, "duration": None}
    return {"media_type": "image", "images": images}

"""The accounts, boards and uploads of the emulated Pinterest, kept in the platform's memory."""

from __future__ import annotations

import re
from typing import Any
from zlib import crc32

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform, latin

VERSION = "v5"


class Refusal(Exception):
    """An error as Pinterest words it: a status, its own code, a sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.answer = refuse(status, code, message)


def refuse(status: int, code: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=status)


class World:
    """What is there beside the platform's items. Accounts are made when first asked for, each with one board."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.uploads: dict[str, Any] = platform.memory.setdefault("uploads", {})

    def number(self, name: str) -> str:
        """An account's id: a number made from its name."""
        return str(2_783_136_000_000 + crc32(name.encode()) % 1_000_000_000)

    def username(self, name: str) -> str:
        return latin(name) or f"tiem_{crc32(name.encode()) % 10_000}"

    def boards(self, name: str) -> list[dict[str, Any]]:
        kept: dict[str, list[dict[str, Any]]] = self.platform.memory.setdefault("boards", {})
        if name not in kept:
            kept[name] = []
            self.add_board(name, "Từ tiệm của chúng tôi")
        return kept[name]

    def add_board(self, name: str, title: str, *, ads_only: bool = False) -> str:
        board = {"id": self.platform.next_id(), "name": title, "is_ads_only": ads_only}
        self.boards(name).append(board)
        return str(board["id"])

    def board(self, name: str, board_id: str) -> dict[str, Any]:
        """Raises Refusal 404."""
        found = next((one for one in self.boards(name) if one["id"] == board_id), None)
        if found is None:
            raise Refusal(404, 40, "Board not found.")
        return found

    def pins_on(self, board_id: str) -> list[Item]:
        """Newest first."""
        return [pin for pin in reversed(self.platform.posts()) if pin.extra.get("board") == board_id]

    def pin(self, pin_id: str) -> Item:
        """Raises Refusal 400 or 404."""
        if not re.fullmatch(r"\d+", pin_id):
            raise Refusal(400, 1, "Invalid pin_id.")
        found = self.platform.items.get(pin_id)
        if found is None or found.kind != "post" or found.parent or not found.visible:
            raise Refusal(404, 50, "Pin not found.")
        return found

    def account(self, name: str) -> dict[str, Any]:
        """The account as GET /user_account shows it."""
        numbers = self.platform.numbers(self.number(name))
        return {
            "id": self.number(name),
            "username": self.username(name),
            "account_type": "BUSINESS",
            "business_name": name.replace("-", " ").title(),
            "profile_image": "https://i.pinterest.test/avatar.jpg",
            "website_url": "",
            "board_count": len(self.boards(name)),
            "pin_count": numbers.get("posts", len(self.platform.posts(name))),
            "follower_count": numbers.get("followers", 0),
            "following_count": numbers.get("following", 0),
            "monthly_views": numbers.get("views", 0),
        }


def paged(rows: list[Any], request: web.Request) -> tuple[list[Any], str | None]:
    """One page, and the bookmark of the next. Raises Refusal 400."""
    size, bookmark = request.query.get("page_size", "25"), request.query.get("bookmark", "")
    if not size.isdecimal() or not 1 <= int(size) <= 250:
        raise Refusal(400, 1, "page_size must be between 1 and 250.")
    if bookmark and not bookmark.removeprefix("Y3VyOj").isdecimal():
        raise Refusal(400, 1, "Invalid bookmark.")
    start = int(bookmark.removeprefix("Y3VyOj") or 0)
    end = start + int(size)
    return rows[start:end], f"Y3VyOj{end}" if end < len(rows) else None

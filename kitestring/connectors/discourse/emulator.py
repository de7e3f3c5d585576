"""A Discourse forum for tests and the demo. Accounts are made when first asked for; the key of `name` is "key-" + name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Faults, Manners, Platform, takes_files
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.discourse.emulated import answers as worded
from kitestring.connectors.discourse.emulated import hooking
from kitestring.connectors.discourse.emulated.reading import Reading
from kitestring.connectors.discourse.emulated.shown import Shown
from kitestring.connectors.discourse.emulated.world import World
from kitestring.connectors.discourse.emulated.writing import SETTINGS, Writing


def answers(base_url: str, account_name: str) -> dict[str, str]:
    """What a person types to connect the account `account_name` here."""
    username = World(Platform()).username(account_name)
    return {"url": base_url, "username": username, "api_key": f"key-{account_name}"}


def without_quotas(platform: Platform) -> None:
    """A forum that takes the same title and the same words again, as its administrators may set it."""
    platform.memory.setdefault("discourse", {})["loose"] = True


def confirm(platform: Platform, item_or_handle: str) -> None:
    """A moderator lets through all that waits."""
    world = World(platform)
    writing = Writing(world, Shown(world), None)
    for number in list(writing.queue):
        row = writing.queue.pop(number)
        writing.put(row["account"], row["body"], keyed=False)


def pushes(platform: Platform, secrets: Mapping[str, str]) -> list[Knock]:
    """What the webhook would post now: each post that no call has told."""
    world = World(platform)
    return [hooking.created(world, item, secrets["secret"]) for item in hooking.untold(world)]


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How somebody tries an address."""
    return hooking.knock("ping", "ping", {"ping": "OK"}, secrets["secret"])


def build(platform: Platform, *, faults: Faults | None = None) -> web.Application:
    """The calls that our connector uses, over this platform."""
    manners = Manners(
        busy=worded.busy,
        unauthorized=lambda: worded.refusal(403, worded.KEY_WRONG, kind="invalid_access"),
        broken=lambda: web.json_response({"status": 500, "error": "Internal Server Error"}, status=500),
        retired=lambda: worded.refusal(410, "This route is gone", kind="not_found"),
    )
    world = World(platform)
    shown = Shown(world)
    who = _who(world)
    writing, reading = Writing(world, shown, who), Reading(world, shown, who)
    app = web.Application(
        middlewares=[(faults or Faults()).middleware(manners), worded.door], client_max_size=20_000_000
    )
    add = app.router
    add.add_get("/session/current.json", reading.me)
    add.add_get("/site.json", reading.site)
    add.add_get("/site/settings.json", reading.settings)
    add.add_get("/tags.json", reading.tags)
    add.add_get("/latest.json", reading.latest)
    add.add_get("/notifications.json", reading.notifications)
    add.add_get("/topics/private-messages/{username}.json", reading.private)
    add.add_get("/topics/created-by/{username}.json", reading.created_by)
    add.add_get("/t/external_id/{key}.json", reading.by_key)
    add.add_get("/t/{id:[0-9]+}.json", reading.topic)
    add.add_get("/t/{id:[0-9]+}/posts.json", reading.several)
    add.add_get("/posts/{id:[0-9]+}.json", reading.post)
    add.add_get("/posts/{username}/pending.json", reading.pending)
    add.add_post("/post_actions.json", reading.like)
    add.add_delete("/post_actions/{id:[0-9]+}.json", reading.unlike)
    add.add_post("/uploads.json", _Uploads(platform, who).take)
    add.add_post("/posts.json", writing.create)
    add.add_put("/posts/{id:[0-9]+}.json", writing.update)
    add.add_delete("/posts/{id:[0-9]+}.json", writing.delete)
    add.add_put("/t/-/{id:[0-9]+}.json", writing.rename)
    add.add_delete("/t/{id:[0-9]+}.json", writing.delete_topic)
    return app


def _who(world: World) -> Any:
    def who(request: web.Request) -> str:
        """The account a request speaks for."""
        name = request.headers.get("Api-Key", "").removeprefix("key-")
        sound = request.headers.get("Api-Key", "").startswith("key-")
        if not sound or request.headers.get("Api-Username") != world.username(name):
            raise worded.Refused(403, worded.KEY_WRONG, kind="invalid_access")
        return name

    return who


class _Uploads:
    def __init__(self, platform: Platform, who: Any) -> None:
        self.platform, self.who = platform, who

    @takes_files
    async def take(self, request: web.Request) -> web.Response:
        self.who(request)
        form = await request.post()
        file = form.get("file")
        if form.get("upload_type") != "composer" or not isinstance(file, web.FileField):
            raise worded.Refused(422, "File is missing")
        size = len(file.file.read())
        if not file.content_type.startswith("image/") or size > SETTINGS["max_image_size_kb"] * 1024:
            raise worded.Refused(422, "Sorry, the file you are trying to upload is not authorized.")
        number, ending = int(self.platform.next_id()), file.filename.rpartition(".")[2]
        told = {
            "id": number, "url": f"/uploads/default/original/1X/{number}.{ending}", "original_filename": file.filename,
            "filesize": size, "width": 320, "height": 240, "thumbnail_width": 320, "thumbnail_height": 240,
            "extension": ending, "short_url": f"upload://{number}.{ending}",
            "short_path": f"/uploads/short-url/{number}.{ending}",
            "retain_hours": None, "human_filesize": f"{size} Bytes", "dominant_color": "28503C",
        }  # fmt: skip
        return web.json_response(told)

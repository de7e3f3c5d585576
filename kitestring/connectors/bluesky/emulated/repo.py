"""The account's own records on the emulated server: posts, likes and gates, and the files they name."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, stores, takes_files
from kitestring.connectors.bluesky.emulated.records import (
    GATES,
    LIKE,
    POST,
    Invalid,
    check_beside,
    check_record,
    check_rkey,
    cid_of,
)
from kitestring.connectors.bluesky.emulated.world import Refusal, World, body_of

UPLOAD_LIMIT = 5_242_880  # recorded: describeServer of a real PDS


class Repo:
    """com.atproto.repo.*"""

    def __init__(self, world: World) -> None:
        self.world = world

    def queries(self) -> dict[str, Any]:
        return {"com.atproto.repo.getRecord": self.get_record}

    def procedures(self) -> dict[str, Any]:
        return {
            "com.atproto.repo.putRecord": self.put_record,
            "com.atproto.repo.createRecord": self.put_record,
            "com.atproto.repo.applyWrites": self.apply_writes,
            "com.atproto.repo.deleteRecord": self.delete_record,
            "com.atproto.repo.uploadBlob": self.upload_blob,
        }

    @stores
    async def put_record(self, request: web.Request) -> web.Response:
        world = self.world
        did, body = world.who(request), await body_of(request)
        if body.get("repo") not in (did, world.accounts.handle(did)):
            raise Refusal(400, "InvalidRequest", "Could not find repo")
        rkey = str(body.get("rkey") or world.accounts.next_tid())
        uri, record = self._checked(did, str(body.get("collection")), rkey, body.get("record"))
        there = self._cid(uri)
        if "swapRecord" in body and body["swapRecord"] != there:
            raise Refusal(400, "InvalidSwap", f"Record was at {there}")
        if there and request.path.endswith("createRecord"):
            raise Invalid("Record already exists")
        world.spend(did, "update" if there else "create")
        return web.json_response({**self._keep(uri, did, record), "validationStatus": "valid"})

    @stores
    async def apply_writes(self, request: web.Request) -> web.Response:
        """All or none; only new records here. A key that is taken breaks the real server's commit (recorded: a 500)."""
        world = self.world
        did, body = world.who(request), await body_of(request)
        if body.get("repo") not in (did, world.accounts.handle(did)):
            raise Refusal(400, "InvalidRequest", "Could not find repo")
        new = []
        for write in body.get("writes") or []:
            if write.get("$type") != "com.atproto.repo.applyWrites#create":
                raise Invalid(f"Action not supported: {write.get('$type')}")
            new.append(self._checked(did, str(write["collection"]), str(write["rkey"]), write["value"]))
        if any(self._cid(uri) for uri, _ in new):
            raise Refusal(500, "InternalServerError", "Internal Server Error")
        for _ in new:
            world.spend(did, "create")
        kind = "com.atproto.repo.applyWrites#createResult"
        results = [
            {"$type": kind, **self._keep(uri, did, record), "validationStatus": "valid"}
            for uri, record in new
        ]
        return web.json_response({"results": results})

    def _checked(self, did: str, collection: str, rkey: str, record: Any) -> tuple[str, dict[str, Any]]:
        """(address, record) of something the server would take. Raises Invalid."""
        check_rkey(rkey)
        uri = f"at://{did}/{collection}/{rkey}"
        if collection == POST:
            return uri, check_record(record, self.world.blobs)
        return uri, check_beside(record, collection, f"at://{did}/{POST}/{rkey}")

    def _cid(self, uri: str) -> str | None:
        item, record = self.world.platform.items.get(uri), self.world.records.get(uri)
        return str(item.extra["cid"]) if item else str(record["cid"]) if record else None

    def _keep(self, uri: str, did: str, record: dict[str, Any]) -> dict[str, str]:
        cid = cid_of(record)
        if record["$type"] != POST:
            self.world.records[uri] = {"cid": cid, "value": record}
            self._effects(did)
        elif there := self.world.platform.items.get(uri):
            there.text, there.extra = record["text"], {"record": record, "cid": cid}
        else:
            self._post(uri, did, record, cid)
        return {"uri": uri, "cid": cid}

    def _effects(self, did: str) -> None:
        """What the network shows by the account's likes and gates."""
        mine = [row["value"] for uri, row in self.world.records.items() if uri.startswith(f"at://{did}/")]
        liked = {row["subject"]["uri"] for row in mine if row["$type"] == LIKE}
        hidden = {uri for row in mine if row["$type"] in GATES for uri in row.get("hiddenReplies") or []}
        for item in self.world.platform.items.values():
            uri = self.world.views.uri(item)
            for name, found in (("liked", liked), ("hidden", hidden)):
                if uri in found or name in item.extra:
                    item.extra[name] = uri in found

    def _post(self, uri: str, did: str, record: dict[str, Any], cid: str) -> None:
        reply = record.get("reply") or {}
        views, platform = self.world.views, self.world.platform
        parent = views.find(str((reply.get("parent") or {}).get("uri", "")))
        root = views.find(str((reply.get("root") or {}).get("uri", "")))
        platform.add(
            Item(
                uri,
                did,
                record["text"],
                platform.clock().isoformat(),
                parent=parent.id if parent else "",
                root=(root.id if root else "") if parent else "",
                author_name=self.world.accounts.handle(did),
                media=_media(record.get("embed") or {}),
                extra={"record": record, "cid": cid},
            )
        )

    async def delete_record(self, request: web.Request) -> web.Response:
        did, body = self.world.who(request), await body_of(request)
        uri = f"at://{did}/{body.get('collection')}/{body.get('rkey')}"
        self.world.platform.remove(uri)
        if self.world.records.pop(uri, None):
            self._effects(did)
        return web.json_response({})

    @takes_files
    async def upload_blob(self, request: web.Request) -> web.Response:
        self.world.who(request)
        data = await request.read()
        if len(data) > UPLOAD_LIMIT:
            raise Refusal(413, "PayloadTooLarge", "request entity too large")
        return web.json_response({"blob": keep_blob(self.world, data, request.content_type)})

    async def get_record(self, request: web.Request) -> web.Response:
        q = request.query
        uri = f"at://{q.get('repo')}/{q.get('collection')}/{q.get('rkey')}"
        if item := self.world.platform.items.get(uri):
            return web.json_response({"uri": uri, "cid": item.extra["cid"], "value": item.extra["record"]})
        if row := self.world.records.get(uri):
            return web.json_response({"uri": uri, **row})
        raise Refusal(400, "RecordNotFound", f"Could not locate record: {uri}")


def keep_blob(world: World, data: bytes, mime: str) -> dict[str, Any]:
    """Keep a file, and the reference by which records name it."""
    cid = cid_of(data)
    world.blobs[cid] = {"size": len(data), "mime": mime}
    return {"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": len(data)}


def _media(embed: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [(one["image"], one.get("alt", "")) for one in embed.get("images") or []]
    if "video" in embed:
        rows.append((embed["video"], embed.get("alt", "")))
    return [{"cid": blob["ref"]["$link"], "alt": alt, "mime": blob["mimeType"]} for blob, alt in rows]

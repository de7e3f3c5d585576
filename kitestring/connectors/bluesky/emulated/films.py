"""The network's video service in the emulator: takes a file for an account, works on it, lays it on the account's server.

Source: github.com/bluesky-social/bsky-docs, tutorials/video; lexicons app.bsky.video.*. How it words what it refuses is assumed.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from yarl import URL

from kitestring.connectorkit.emulation import takes_files
from kitestring.connectors.bluesky.emulated.records import Invalid, cid_of
from kitestring.connectors.bluesky.emulated.repo import keep_blob
from kitestring.connectors.bluesky.emulated.world import Refusal, World

A_DAY = 25
LOOKS = 2  # how often the state of a job is asked for before it is done


class Films:
    """app.bsky.video.*, and the tokens for it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.jobs: dict[str, dict[str, Any]] = world.platform.memory.setdefault("jobs", {})

    def queries(self) -> dict[str, Any]:
        return {
            "com.atproto.server.getServiceAuth": self.service_auth,
            "app.bsky.video.getJobStatus": self.status,
            "app.bsky.video.getUploadLimits": self.limits,
        }

    def procedures(self) -> dict[str, Any]:
        return {"app.bsky.video.uploadVideo": self.upload}

    async def service_auth(self, request: web.Request) -> web.Response:
        did, q = self.world.who(request), request.query
        now = int(self.world.platform.clock().timestamp())
        ends = int(q.get("exp") or now + 60)
        if not now < ends <= now + 3600:
            raise Refusal(400, "BadExpiration", "expiration is in past or more than an hour away")
        token = self.world.accounts.service_token(did, q.get("aud", ""), q.get("lxm", ""), ends)
        return web.json_response({"token": token})

    def _bearer(self, request: web.Request, method: str) -> str:
        """The account that let the service do `method`."""
        claims = self.world.token(request)
        own = f"did:web:{request.url.host}%3A{request.url.port}"
        if claims.get("scope") != "service" or claims.get("aud") != own or claims.get("lxm") != method:
            raise Refusal(401, "AuthenticationRequired", "The token is for another service or method")
        return str(claims["iss"])

    @takes_files
    async def upload(self, request: web.Request) -> web.Response:
        did = self._bearer(request, "com.atproto.repo.uploadBlob")
        if request.query.get("did") != did or not request.query.get("name", "").endswith(".mp4"):
            raise Invalid("did and name are required")
        data = await request.read()
        job = cid_of([did, cid_of(data)])[:20]
        if job in self.jobs:
            body = {"error": "already_exists", "message": "Video already processed", "jobId": job}
            return web.json_response(body, status=409)
        if self._left(did) < 1:
            raise Refusal(400, "daily_limit_reached", "You have reached your daily upload limit")
        sound = data[4:8] == b"ftyp"
        day = self.world.platform.clock().date().isoformat()
        blob = keep_blob(self.world, data, "video/mp4") if sound else None
        self.jobs[job] = {"did": did, "looks": 0, "blob": blob, "day": day}
        return web.json_response(self._status(job))

    def _status(self, job: str) -> dict[str, Any]:
        row = self.jobs[job]
        told = {"jobId": job, "did": row["did"]}
        if row["looks"] < LOOKS:
            return {**told, "state": "JOB_STATE_ENCODING", "progress": 40}
        if row["blob"] is None:
            failed = {"failureCode": "validation_failure", "message": "This is no video we can read"}
            return {**told, "state": "JOB_STATE_FAILED", "error": "invalid", **failed}
        return {**told, "state": "JOB_STATE_COMPLETED", "progress": 100, "blob": row["blob"]}

    async def status(self, request: web.Request) -> web.Response:
        job = request.query.get("jobId", "")
        if job not in self.jobs:
            raise Refusal(404, "NotFound", "Job not found")
        self.jobs[job]["looks"] += 1
        return web.json_response({"jobStatus": self._status(job)})

    async def limits(self, request: web.Request) -> web.Response:
        did = self._bearer(request, "app.bsky.video.getUploadLimits")
        left = self._left(did)
        told: dict[str, Any] = {"canUpload": left > 0, "remainingDailyVideos": left}
        if not left:
            told["message"] = "You have reached your daily upload limit"
        return web.json_response(told)

    def _left(self, did: str) -> int:
        day = self.world.platform.clock().date().isoformat()
        return A_DAY - sum(1 for row in self.jobs.values() if row["did"] == did and row["day"] == day)


def endpoint(request: web.Request) -> str:
    """Where this server is, as an account's document says it."""
    return str(URL(str(request.url)).origin())

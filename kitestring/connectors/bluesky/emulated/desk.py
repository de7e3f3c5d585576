"""The emulated server as authorization server: documents, a request laid down first, a page, and tokens bound to a key.

Source: atproto.com/specs/oauth; RFC 9126, 9449, 7523, 9207. How it words refusals follows @atproto/oauth-provider.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from typing import Any, Final

from aiohttp import web
from yarl import URL

from kitestring.connectorkit import dpop
from kitestring.connectorkit.consent import PAGE, Refused
from kitestring.connectors.bluesky import oauth
from kitestring.connectors.bluesky.emulated.films import endpoint
from kitestring.connectors.bluesky.emulated.world import World, number_of, proved

# Our app as the emulator knows it. Its key opens nothing but an emulator.
KEY: Final = dpop.key_from(20261130)
PATH: Final = "/clients/kitestring.json"
BACK: Final = "https://kitestring.example/channels/back"
PUSHED, CODE, ACCESS, REFRESH = 300, 60, 3600, 14 * 86400  # seconds
GRANTS: Final = ("authorization_code", "refresh_token")


def app_at(base_url: str) -> dict[str, str]:
    """The id and key by which our app is known to the emulator at this address."""
    return {"client_id": f"{base_url}{PATH}", "key": json.dumps(KEY)}


class Desk:
    """`kept`: requests, codes and sessions in the platform's memory; all of it ends."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kept: dict[str, dict[str, Any]] = world.oauth

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(oauth_path("protected-resource"), self.resource)
        app.router.add_get(oauth_path("authorization-server"), self.server)
        app.router.add_get(r"/{did:did:plc:[a-z2-7]{24}}", self.directory)
        app.router.add_post("/oauth/par", self.push)
        app.router.add_route("*", "/oauth/authorize", self.page)
        app.router.add_post("/oauth/token", self.token)

    async def resource(self, request: web.Request) -> web.Response:
        base = endpoint(request)
        return web.json_response({"resource": base, "authorization_servers": [base]})

    async def server(self, request: web.Request) -> web.Response:
        base = endpoint(request)
        return web.json_response(
            {
                "issuer": base,
                "pushed_authorization_request_endpoint": f"{base}/oauth/par",
                "authorization_endpoint": f"{base}/oauth/authorize",
                "token_endpoint": f"{base}/oauth/token",
                "require_pushed_authorization_requests": True,
                "authorization_response_iss_parameter_supported": True,
                "dpop_signing_alg_values_supported": ["ES256"],
                "client_id_metadata_document_supported": True,
            }
        )

    async def directory(self, request: web.Request) -> web.Response:
        """The public directory of permanent names."""
        did = request.match_info["did"]
        if not self.world.accounts.handle(did):
            return web.json_response({"message": f"DID not registered: {did}"}, status=404)
        return web.json_response(document_of(self.world, did, request))

    async def push(self, request: web.Request) -> web.Response:
        form = await _form(request)
        try:
            name = proved(self.world, request)
            told = self._client(request, form)
            if form.get("redirect_uri") not in told["redirect_uris"] or form.get("response_type") != "code":
                raise Refused("invalid_request", "Invalid redirect_uri or response_type")
            if form.get("code_challenge_method") != "S256" or not form.get("code_challenge"):
                raise Refused("invalid_request", "code_challenge is required")
            asked = set(form.get("scope", "").split())
            if "atproto" not in asked or asked - set(told["scope"].split()):
                raise Refused("invalid_scope", "Scope is not that of the client")
        except Refused as refused:
            return self._said(refused)
        named = f"urn:ietf:params:oauth:request_uri:req-{self.world.platform.next_id()}"
        self.kept["requests"][named] = {**form, "jkt": name, "ends": self._in(PUSHED)}
        return self._told({"request_uri": named, "expires_in": PUSHED}, 201)

    def _client(self, request: web.Request, form: dict[str, str]) -> dict[str, Any]:
        """What the client is, by its id: one on its owner's machine says it there, ours is read. Raises Refused."""
        client, base = form.get("client_id", ""), endpoint(request)
        if client.startswith("http://localhost?"):
            query = URL(client).query
            return {"redirect_uris": query.getall("redirect_uri"), "scope": query.get("scope", "atproto")}
        if client != f"{base}{PATH}":
            raise Refused("invalid_client_metadata", f'Unable to obtain client metadata for "{client}"')
        told = dict(oauth.document(app_at(base), redirect_uri=BACK))
        try:
            _, claims = dpop.opened(form.get("client_assertion", ""), told["jwks"]["keys"][0])
        except ValueError as error:
            raise Refused("invalid_client", "Failed to verify client_assertion") from error
        if (claims["iss"], claims["sub"], claims["aud"]) != (client, client, base):
            raise Refused("invalid_client", "client_assertion is for another server or client")
        return told

    async def page(self, request: web.Request) -> web.Response:
        """GET shows the page, POST (account, decision) leads back with a code or with the refusal."""
        asked = self.kept["requests"].get(request.query.get("request_uri", ""))
        if not asked or self._over(asked) or asked["client_id"] != request.query.get("client_id"):
            return web.Response(text="This request is unknown, over, or another app's.", status=400)
        if request.method != "POST":
            account, scopes = asked.get("login_hint", "").removesuffix(".test"), html.escape(asked["scope"])
            text = PAGE.format(title="Bluesky", scopes=scopes, account=html.escape(account))
            return web.Response(text=text, content_type="text/html")
        typed = await request.post()
        self.kept["requests"].pop(request.query["request_uri"])
        back = {"state": asked.get("state", ""), "iss": endpoint(request)}
        if typed.get("decision") == "allow":
            did = self.world.accounts.known(str(typed.get("account")) + ".test")
            code = f"cod-{self.world.platform.next_id()}"
            self.kept["codes"][code] = {**asked, "did": did, "ends": self._in(CODE)}
            back["code"] = code
        else:
            back |= {"error": "access_denied", "error_description": "The user rejected the request"}
        raise web.HTTPFound(str(URL(asked["redirect_uri"]).update_query(back)))

    async def token(self, request: web.Request) -> web.Response:
        form = await _form(request)
        try:
            name = proved(self.world, request)
            self._client(request, form)
            if form.get("grant_type") not in GRANTS:
                raise Refused("unsupported_grant_type", str(form.get("grant_type")))
            redeemed = self._redeemed if form["grant_type"] == "authorization_code" else self._refreshed
            return self._told(self._give(redeemed(form, name)))
        except Refused as refused:
            return self._said(refused)

    def _redeemed(self, form: dict[str, str], name: str) -> dict[str, Any]:
        row = self.kept["codes"].pop(form.get("code", ""), None)
        if row is None or self._over(row):
            raise Refused("invalid_grant", "Invalid code")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        fits = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == row["code_challenge"]
        if not fits or row["redirect_uri"] != form.get("redirect_uri"):
            raise Refused("invalid_grant", "Invalid code_verifier or redirect_uri")
        if row["jkt"] != name or row["client_id"] != form["client_id"]:
            raise Refused("invalid_dpop_proof", "DPoP proof does not match the expected JKT")
        return dict(row)

    def _refreshed(self, form: dict[str, str], name: str) -> dict[str, Any]:
        """A refresh token is good once: who shows a spent one has stolen it, or was stolen from, and all of it ends."""
        row = self.kept["refresh"].get(form.get("refresh_token", ""))
        if row is None or self._over(row) or row["client_id"] != form["client_id"]:
            raise Refused("invalid_grant", "Invalid refresh token")
        if row["jkt"] != name:
            raise Refused("invalid_dpop_proof", "DPoP proof does not match the expected JKT")
        if row.get("spent"):
            self.end(row["did"])
            raise Refused("invalid_grant", "Refresh token replayed")
        row["spent"] = True
        return {key: value for key, value in row.items() if key != "spent"}

    def end(self, did: str) -> None:
        """As when the owner takes the consent back."""
        for name in ("access", "refresh"):
            for token in [one for one, row in self.kept[name].items() if row["did"] == did]:
                self.kept[name].pop(token)

    def _give(self, row: dict[str, Any]) -> dict[str, Any]:
        serial = self.world.platform.next_id()
        access, refresh = f"acc-{serial}", f"ref-{serial}"
        kept = {key: row[key] for key in ("did", "scope", "jkt", "client_id")}
        self.kept["access"][access] = {**kept, "ends": self._in(ACCESS)}
        self.kept["refresh"][refresh] = {**kept, "ends": self._in(REFRESH)}
        told = {"access_token": access, "refresh_token": refresh, "token_type": "DPoP", "expires_in": ACCESS}
        return {**told, "scope": row["scope"], "sub": row["did"]}

    def _in(self, seconds: int) -> float:
        return self.world.platform.clock().timestamp() + seconds

    def _over(self, row: dict[str, Any]) -> bool:
        return float(row["ends"]) <= self.world.platform.clock().timestamp()

    def _told(self, body: dict[str, Any], status: int = 200) -> web.Response:
        number = number_of(self.world.platform)
        return web.json_response(
            body, status=status, headers={"DPoP-Nonce": number, "Cache-Control": "no-store"}
        )

    def _said(self, refused: Refused) -> web.Response:
        body = {"error": refused.error, "error_description": refused.description}
        return self._told(body, 401 if refused.error == "invalid_client" else 400)


def oauth_path(name: str) -> str:
    return f"/.well-known/oauth-{name}"


def document_of(world: World, did: str, request: web.Request) -> dict[str, Any]:
    """An account's document: its handle, and the server that holds it."""
    service = {
        "id": "#atproto_pds",
        "type": "AtprotoPersonalDataServer",
        "serviceEndpoint": endpoint(request),
    }
    return {"id": did, "alsoKnownAs": [f"at://{world.accounts.handle(did)}"], "service": [service]}


async def _form(request: web.Request) -> dict[str, str]:
    return {key: str(value) for key, value in (await request.post()).items()}

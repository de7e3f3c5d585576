"""Proofs that a token is ours to use: made as the standard says, and made anew where the server wants its own number in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from kitestring.connectorkit import dpop
from kitestring.connectorkit.emulation import serve
from kitestring.connectorkit.errors import RetryLater
from kitestring.kit.http import Client

# The example of RFC 9449, sections 4.1, 6.1 and 7.1.
EXAMPLE = {
    "kty": "EC", "crv": "P-256",
    "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
    "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
}  # fmt: skip
TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"  # the standard's example
PROOF = (
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJo"
    "RjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.ey"
    "JqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0I"
    "joxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
)


def test_the_standards_own_example_is_read_and_named_as_it_says() -> None:
    header, claims = dpop.opened(PROOF)
    assert header["jwk"] == EXAMPLE
    assert (claims["htm"], claims["htu"]) == ("POST", "https://server.example.com/token")
    assert dpop.thumbprint(EXAMPLE) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


def test_a_proof_names_the_call_without_its_query_and_the_token() -> None:
    key = dpop.new_key()
    made = dpop.proof(key, "GET", "https://a.test/xrpc/x?y=1#z", nonce="n", token=TOKEN)
    header, claims = dpop.opened(made)
    assert header == {"typ": "dpop+jwt", "alg": "ES256", "jwk": dpop.public(key)}
    assert (claims["htm"], claims["htu"], claims["nonce"]) == ("GET", "https://a.test/xrpc/x", "n")
    assert claims["ath"] == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
    assert "d" not in header["jwk"]
    assert claims["jti"] != dpop.opened(dpop.proof(key, "GET", "https://a.test/"))[1]["jti"]


def test_what_another_key_signed_or_nobody_is_refused() -> None:
    made = dpop.signed(dpop.new_key(), {"typ": "JWT"}, {"iss": "us"})
    head, middle, mark = made.split(".")
    for wrong in (made, f"{head}.{middle}.", f"{head}.{middle}.{mark[:-4]}AAAA", "nothing", "a.b.c"):
        with pytest.raises(ValueError, match="no JWT"):
            dpop.opened(wrong, dpop.new_key())


Answers = Callable[[web.Request], Awaitable[web.Response]]


async def asked(answers: Answers, times: int = 1) -> list[str]:
    """The numbers (nonces) in the proofs that a server saw while it was called so often."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(str(dpop.opened(request.headers["DPoP"])[1].get("nonce", "")))
        return await answers(request)

    app = web.Application()
    app.router.add_post("/token", handler)
    async with serve(app) as base, Client(["127.0.0.1"], allow_loopback=True) as http:
        for _ in range(times):
            await dpop.send(http, "POST", f"{base}/token", key=dpop.new_key(), write=True, form={"a": "b"})
    return seen


async def test_a_server_that_wants_its_number_is_asked_once_more_and_then_knows_us() -> None:
    async def answers(request: web.Request) -> web.Response:
        given = dpop.opened(request.headers["DPoP"])[1].get("nonce")
        assert (await request.post())["a"] == "b"
        if given != "seven":
            return web.json_response({"error": "use_dpop_nonce"}, status=400, headers={"DPoP-Nonce": "seven"})
        return web.json_response({"ok": True}, headers={"DPoP-Nonce": "seven"})

    assert await asked(answers, times=2) == ["", "seven", "seven"]


@pytest.mark.parametrize("named", [True, False])
async def test_numbers_that_turn_while_we_ask_are_followed_also_untold(named: bool) -> None:
    refusals = iter(("one", "two", "three"))

    async def answers(_request: web.Request) -> web.Response:
        number = next(refusals, "")
        if not number:
            return web.json_response({"ok": True})
        told = {"DPoP-Nonce": number} if named else {}
        return web.json_response({"error": "use_dpop_nonce"}, status=400, headers=told)

    assert await asked(answers) == (["", "one", "two", "three"] if named else [""] * 4)


async def test_a_server_that_is_never_content_is_not_asked_for_ever() -> None:
    """And it did nothing: the call is for later, whatever it would have put live."""
    times = []

    async def answers(_request: web.Request) -> web.Response:
        times.append(1)
        told = {"DPoP-Nonce": "again", "WWW-Authenticate": 'DPoP error="use_dpop_nonce"'}
        return web.json_response({"error": "use_dpop_nonce"}, status=401, headers=told)

    with pytest.raises(RetryLater) as caught:
        await asked(answers)
    assert (caught.value.reason, len(times)) == ("not_itself", dpop.TRIES)

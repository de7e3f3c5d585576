"""Which addresses an account's session may call, and what a person may type as one."""

from __future__ import annotations

from typing import Any

import pytest

from kitestring.connectorkit import sessions
from kitestring.connectorkit.contract import Grant
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.manifest import Manifest
from kitestring.kit.http import HostRefused

WORDS = {"en": "x", "zh-hans": "x", "vi": "x"}


def manifest(**hosts: Any) -> Manifest:
    field = {"key": "url", "kind": "url", "label": WORDS, "default": "https://social.example"}
    return Manifest.model_validate(
        {
            "slug": "example",
            "name": WORDS,
            "provider": "example",
            "mode": "api",
            "duplicate_safety": "none",
            "auth": {"kind": "app_password", "fields": [field]},
            "kinds": [],
            "look": {"shape": "feed", "colour": "#000"},
            "hosts": hosts,
        }
    )


def test_the_operators_address_goes_before_the_manifests() -> None:
    fixed = manifest(urls={"api": "https://api.example/", "web": "https://www.example"})
    assert sessions.addresses(fixed, {"api": "http://127.0.0.1:9/"}) == {
        "api": "http://127.0.0.1:9",
        "web": "https://www.example",
    }


def test_an_accounts_own_address_counts_only_where_the_manifest_says_so() -> None:
    own = {"urls": {"api": "https://inner.example"}}
    assert (
        sessions.addresses(manifest(urls={"api": "https://a.example"}), {}, own)["api"] == "https://a.example"
    )
    hosted = manifest(urls={"api": "https://a.example"}, self_hosted=True)
    assert sessions.addresses(hosted, {}, own)["api"] == "https://inner.example"


def test_hosts_are_allowed_to_the_port() -> None:
    named = manifest(allowed=["*.media.example"])
    urls = {"api": "https://a.example", "local": "http://127.0.0.1:8", "six": "http://[::1]:9"}
    assert sessions.allowed_hosts(named, urls) == (
        "*.media.example",
        "127.0.0.1:8",
        "[::1]:9",
        "a.example:443",
    )


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", "https://social.example"),
        ("  mastodon.example/ ", "https://mastodon.example"),
        ("https://x.example/blog/?a=1#b", "https://x.example/blog"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_an_address_is_typed_as_people_type_it(typed: str, address: str) -> None:
    assert sessions.typed_address(manifest(self_hosted=True), {"url": typed}) == address


@pytest.mark.parametrize(
    "typed", ["not an address", "ftp://x.example", "https://", "https://a:b@x.example", "http://[::1"]
)
def test_what_is_no_address_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Rejected) as caught:
        sessions.typed_address(manifest(self_hosted=True), {"url": typed})
    assert (caught.value.field, caught.value.reason) == ("url", "bad_address")
    assert caught.value.params == {"address": typed.strip() if "://" in typed else f"https://{typed}"}


async def test_a_session_may_call_its_own_hosts_and_no_other() -> None:
    fixed = manifest(urls={"api": "https://api.example"})
    async with sessions.session(fixed, Grant({})) as session:
        with pytest.raises(HostRefused):
            await session.http.request("GET", "https://elsewhere.example/")
        with pytest.raises(HostRefused):
            await session.http.request("GET", "https://api.example:8443/")


def several() -> Manifest:
    fields = [
        {"key": "url", "kind": "url", "label": WORDS},
        {"key": "relay_2", "kind": "url", "label": WORDS, "required": False},
        {"key": "files", "kind": "url", "label": WORDS, "required": False},
    ]
    made = manifest(self_hosted=True)
    return made.model_copy(update={"auth": made.auth.model_validate({"kind": "none", "fields": fields})})


def test_further_addresses_are_known_by_their_fields() -> None:
    typed = {"url": "wss://a.example/", "relay_2": " ", "files": "files.example"}
    assert sessions.typed_addresses(several(), typed) == {
        "api": "https://a.example",
        "files": "https://files.example",
    }


def test_a_further_address_that_is_none_is_refused_at_its_own_field() -> None:
    with pytest.raises(Rejected) as caught:
        sessions.typed_addresses(several(), {"url": "wss://a.example", "files": "no address"})
    assert caught.value.field == "files"


async def test_every_typed_address_may_be_called_while_connecting_and_no_other() -> None:
    typed = {"url": "wss://a.example", "relay_2": "ws://127.0.0.1:7"}
    async with sessions.connecting(several(), typed) as (http, urls):
        assert urls == {"api": "https://a.example", "relay_2": "http://127.0.0.1:7"}
        assert http.allowed == ("127.0.0.1:7", "a.example:443")

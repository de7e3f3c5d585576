"""The test channel as data: one slug a way of safety, and one without an API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.registry import Connector

FACT = {"source": "our own test channel", "checked_on": "2026-11-22"}
PACKAGE = "kitestring.domains.publishing.tests.harbour"
WAYS = ("native_key", "two_step", "read_back", "none")


def text(english: str) -> dict[str, str]:
    return {"en": english, "zh-hans": english, "vi": english}


def manifest(way: str, **more: Any) -> Manifest:
    """`way` of safety, or "by_hand" for a channel a person publishes on."""
    by_hand = way == "by_hand"
    quotas = more.get("quotas", [])
    kind = {
        "key": "post",
        "label": text("Post"),
        "text": {"limit": 300, "unit": "codepoint", **FACT},
        "quota": quotas[0]["key"] if quotas else "",
    }
    facts: dict[str, Any] = {
        "slug": f"harbour-{way.replace('_', '-')}",
        "name": text(f"Harbour ({way})"),
        "provider": "",
        "mode": "hand_off" if by_hand else "api",
        "duplicate_safety": "none" if by_hand else way,
        "hosts": {
            "urls": {} if by_hand else {"api": "https://harbour.test"},
            "shown": [] if by_hand else ["harbour.test"],
        },
        "auth": {"kind": "access_token"},
        "kinds": [kind],
        "reply": {**kind, "key": "reply", "quota": ""},
        "sequence": None if by_hand else {"most": 25, **FACT},
        "first_comment": None if by_hand else FACT,
        "look": {"shape": "feed", "colour": "#2F4A3C"},
    }
    if by_hand:
        facts["hand_off"] = {"steps": [text("Open the app.")], "proof_hosts": ["harbour.test"]}
    elif way != "none":
        facts["settle"] = {"seconds": 60, **FACT}
    if way == "two_step":
        facts["processing_deadline"] = {"seconds": 600, **FACT}
    return Manifest.model_validate({**facts, **more})


def connector(way: str, **more: Any) -> Connector:
    return Connector(manifest(way, **more), PACKAGE, Path(__file__).parent)

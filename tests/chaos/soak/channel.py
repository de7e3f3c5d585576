"""The test channel as strangers' packages, one a way of safety: real workers find them by their entry points.

So the product loads it as it loads any channel that is not its own, and knows nothing of the soak.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from kitestring.domains.publishing.tests.harbour import manifests

SETTLE: Final = 8  # seconds; the platform shows a post at the latest LAG after it has it
LAG: Final = 2.5
LEASE: Final = 10.0
CALL: Final = 1.9  # a call ends within a fifth of the lease, as outside the soak
LONGEST: Final = 12.0  # seconds between two tries: a minute's run must see its end
SIDE: Final = 1000  # pixels of a picture's longer side
# Counted from the brand's midnight, wherever that lies after a change of the clocks; never used up.
QUOTA: Final = {
    "key": "posts",
    "limit": 5000,
    "window": "day",
    "label": manifests.text("Posts"),
    **manifests.FACT,
}
MODULES: Final = {
    "__init__": '"""Of the soak."""\n',
    "auth": "from tests.chaos.soak.auth import connect, renew\n",
    "publishing": f"from {manifests.PACKAGE}.publishing import check, follow, look_up, publish, withdraw\n",
}


def slug(way: str) -> str:
    return f"harbour-{way.replace('_', '-')}"


def write(folder: Path) -> None:
    """Four packages with their entry points."""
    entry = folder / "soak-1.0.dist-info"
    entry.mkdir(parents=True)
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: soak\nVersion: 1.0\n", "utf-8")
    points = [f"{slug(way)} = soak_{way}" for way in manifests.WAYS]
    (entry / "entry_points.txt").write_text("\n".join(["[kitestring.connectors]", *points, ""]), "utf-8")
    for way in manifests.WAYS:
        package = folder / f"soak_{way}"
        package.mkdir()
        for name, text in MODULES.items():
            (package / f"{name}.py").write_text(text, "utf-8")
        (package / "manifest.toml").write_text(_toml(_facts(way)), "utf-8")


def _facts(way: str) -> dict[str, Any]:
    media = {"count": 1, "mimes": ["image/*"], "side": SIDE, **manifests.FACT}
    plain = manifests.manifest(way).model_dump(mode="json", exclude_unset=True, by_alias=True)
    plain["kinds"] = [{**kind, "media": media} for kind in plain["kinds"]]
    plain["kinds"][0]["quota"] = QUOTA["key"]
    plain["quotas"] = [QUOTA]
    if "settle" in plain:
        plain["settle"] = {**plain["settle"], "seconds": SETTLE}
    return plain


def _toml(facts: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in facts.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)

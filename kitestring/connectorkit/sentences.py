"""What a person is told when a channel says no: what happened, what was kept, what to do. In three languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kitestring.connectorkit.manifest import Manifest, Text

FILES = "sentences*.toml"
THE_CHANNEL = {"zh-hans": "该渠道", "vi": "kênh"}


@cache
def common() -> dict[str, Text]:
    """The sentences that hold on every channel, by reason."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob(FILES))]
    return {reason: Text.model_validate(row) for table in tables for reason, row in table.items()}


class _Kept(dict[str, str | int]):
    """Leaves a placeholder nobody filled as an ellipsis: a person never reads "{limit}"."""

    def __missing__(self, key: str) -> str:
        return "…"


def has_sentence(reason: str, manifest: Manifest | None = None) -> bool:
    """Whether this reason has words of its own (in the manifest or among the common ones)."""
    return reason in common() or (manifest is not None and reason in manifest.sentences)


def sentence(
    reason: str,
    params: Mapping[str, str | int] | None = None,
    language: str = "en",
    manifest: Manifest | None = None,
) -> str:
    """The sentence for a reason, its figures filled in, in `language` (else English).

    The manifest's own sentence goes before the common one; an unknown reason gets the general one.
    """
    own = manifest.sentences if manifest else {}
    text = own.get(reason) or common().get(reason) or common()["unknown"]
    name = manifest.name.in_(language) if manifest else THE_CHANNEL.get(language.lower(), "the channel")
    filled = text.in_(language).format_map(_Kept({**(params or {}), "channel": name}))
    return filled[:1].upper() + filled[1:]

"""Pure decisions about posts: what a variant says, the canonical form of a revision, what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from kitestring.connectorkit.manifest import PublishKind
from kitestring.connectorkit.sequences import comment_of
from kitestring.rulepacks import rules

# No manifest promises more: whoever reads a channel's figure can write as much (a test holds them together).
LONGEST_TEXT: Final = 100_000
LONGEST_TITLE: Final = 200
FOLD_LETTERS: Final = 60  # letters of a preview's line


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def changed_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many lines differ between two revisions' contents; what several accounts inherit counts once."""
    pairs = {*zip(_texts(before, after), _texts(after, before), strict=True)}
    return sum(_differing(str(a or ""), str(b or "")) for a, b in pairs)


def _texts(content: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    keys = sorted({*content.get("variants", {}), *other.get("variants", {})})
    carried = [content.get("variants", {}).get(key, {}) for key in keys]
    return [content.get("text", ""), *(each.get("text", "") for each in carried), *map(comment_of, carried)]


def _differing(a: str, b: str) -> int:
    left, right = set(a.split("\n")), set(b.split("\n"))
    return max(len(left - right), len(right - left))


def carries(kind: PublishKind, mimes: Sequence[str]) -> bool:
    """Whether the kind takes so many files of these types (none: whether it goes without). Images are converted where
    needed.

    An article is written before its cover is chosen: that it lacks one makes it no other kind.
    """
    limit = kind.media
    if limit is None or limit.count == 0:
        return not mimes
    if not mimes:
        return kind.article is not None or not limit.required
    return len(mimes) <= limit.count and (not limit.mimes or all(_taken(mime, limit.mimes) for mime in mimes))


def _taken(mime: str, patterns: Sequence[str]) -> bool:
    family = mime.partition("/")[0] + "/"
    return mime in patterns or any(
        p == f"{family}*" or (family == "image/" and p.startswith(family)) for p in patterns
    )


def _asked(kind: PublishKind) -> set[str]:
    return {option.key for option in kind.options if option.required and not option.default}


def fitting_kind(kinds: Sequence[PublishKind], present: str, mimes: Sequence[str], text: str) -> str:
    """The key of the first kind that carries the files beside the text; "" where the present one does, or none.

    Chosen by a person only: what asks for more than the present kind does (a poll its answers), and what has no place
    for words that are written, and what draws on a quota that the present one does not (a mass send). What publishes
    is not traded for what only drafts, as manifests name it first.
    """
    now = next((kind for kind in kinds if kind.key == present), None)
    if now is not None and carries(now, mimes):
        return ""
    answered = _asked(now) if now is not None else set()
    fit = (
        kind.key
        for kind in kinds
        if carries(kind, mimes)
        and _asked(kind) <= answered
        and (kind.text.limit or not text)
        and not (now and kind.quota and kind.quota != now.quota)
    )
    return next(fit, "")


def exemption_words(frozen: Mapping[str, str], language: str) -> str:
    """The words, why the rule does not hold for them, the document and the reason."""
    rule = rules().get(frozen["rule"])
    ground = rule.exemption(frozen["ground"]) if rule else None
    told = ground.label.in_(language) if ground else frozen["ground"]
    if said := _(", ").join(filter(None, (frozen["evidence"], frozen["reason"]))):
        told = _("%(ground)s (%(evidence)s)") % {"ground": told, "evidence": said}
    return _("“%(words)s”: %(told)s") % {"words": frozen["words"], "told": told} if frozen["words"] else told

"""A post's frozen states as a person reads them: what each said, and on which accounts it said something else."""

from __future__ import annotations

from dataclasses import dataclass

from kitestring.connectorkit import registry
from kitestring.connectorkit.sequences import Part, comes_apart
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.composing.queries import revisions_of, variants_of
from kitestring.domains.composing.rules import changed_lines


@dataclass(frozen=True)
class Own:
    """An account's own words in a frozen state; `parts` where it went out, or was to, as more than one."""

    name: str
    handle: str
    title: str
    text: str
    language: str
    parts: list[Part]


@dataclass(frozen=True)
class Past:
    """One revision; `changed` counts the lines that differ from the one before, None for the first."""

    revision: Revision
    owns: list[Own]
    files: int
    changed: int | None


def past_of(post: Post, language: str) -> list[Past]:
    """Newest first. An account that has left the post is not named; its words stay in the revision."""
    names = {}
    for variant in variants_of(post):
        name = registry.get(variant.account.channel).manifest.name.in_(language)
        names[str(variant.pk)] = (name, variant.account.handle)
    found = list(revisions_of(post))
    earlier: list[Revision | None] = [*found[1:], None][: len(found)]
    return [
        Past(
            revision=one,
            owns=_owns(one, names),
            files=len(one.content.get("media", [])),
            changed=changed_lines(before.content, one.content) if before else None,
        )
        for one, before in zip(found, earlier, strict=True)
    ]


def _owns(revision: Revision, names: dict[str, tuple[str, str]]) -> list[Own]:
    content = revision.content
    return [
        Own(*names[key], frozen["title"], frozen["text"], frozen["language"], comes_apart(frozen))
        for key, frozen in content["variants"].items()
        if key in names
        and ((frozen["text"], frozen["title"]) != (content["text"], content["title"]) or frozen.get("parts"))
    ]

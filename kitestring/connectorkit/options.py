"""The settings of a post on a channel: what there is to choose, and what is wrong with what was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kitestring.connectorkit.manifest import Option, PublishKind

YES = "yes"
Wrong = tuple[str, str, dict[str, str | int]]  # field, reason, its figures


def choices(option: Option, settings: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """(value, label) of what can be chosen: the manifest's own, or what the account was found to have.

    Where an option has both, the account's list says which of the manifest's it has; without such a list, all.
    """
    own = [(one.value, one.label.in_(language)) for one in option.choices]
    if not option.choices_from:
        return own
    found = settings.get(option.choices_from)
    rows = found if isinstance(found, list) else []
    if own:
        has = {str(row.get("value")) for row in rows if isinstance(row, dict)}
        return [one for one in own if one[0] in has] if isinstance(found, list) else own
    return [
        (str(row["value"]), str(row.get("label") or row["value"]))
        for row in rows
        if isinstance(row, dict) and row.get("value")
    ]


def chosen(kind: PublishKind, given: Mapping[str, str]) -> dict[str, str]:
    """What goes out with a post: what was chosen ("" is a choice too: none), and defaults where nothing was."""
    told = {**{option.key: option.default for option in kind.options}, **given}
    return {key: value for key, value in told.items() if value}


def wrongs(
    kind: PublishKind,
    given: Mapping[str, str],
    language: str = "en",
    settings: Mapping[str, Any] | None = None,
) -> Iterator[Wrong]:
    """What is missing, too long, or none of the choices of the manifest, or of the account where its `settings` are known."""
    for option in kind.options:
        value, field = given.get(option.key, option.default), f"options.{option.key}"
        name = option.label.in_(language)
        listed = dict(choices(option, settings or {}, language)) if option.choices_from else {}
        if not value and (option.required or (option.required_of_several and len(listed) > 1)):
            yield field, "option_missing", {"option": name}
        own = {one.value for one in option.choices}
        if value and listed and option.kind == "choice" and value not in listed and (not own or value in own):
            yield field, "option_gone", {"option": name}
        if option.limit is not None and len(value) > option.limit:
            yield (
                field,
                "option_too_long",
                {"option": name, "limit": option.limit, "over": len(value) - option.limit},
            )
        if value and own and value not in own:
            yield field, "option_unknown", {"option": name, "value": value}

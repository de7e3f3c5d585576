"""Changes a member's own settings: name, title, language, theme. Everybody may change their own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.actions.register import named
from kitestring.domains.workspaces.models import Language, Member, Theme
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal


@transaction.atomic
def change_own(
    member: Member,
    *,
    name: str | None = None,
    title: str | None = None,
    language: str | None = None,
    theme: str | None = None,
) -> Member:
    """Change what is given and leave the rest (None). Raises Refusal with its field."""
    require(member, "workspace.read")
    if language is not None and language not in Language.values:
        raise Refusal(_("This language is not known here."), field="language")
    if theme is not None and theme not in Theme.values:
        raise Refusal(_("This look is not known here."), field="theme")
    wanted = {
        "name": None if name is None else named(name),
        "title": None if title is None else " ".join(title.split())[:120],
        "language": language,
        "theme": theme,
    }
    changed = {key: value for key, value in wanted.items() if value not in (None, getattr(member, key))}
    if changed:
        before = {key: getattr(member, key) for key in changed}
        for key, value in changed.items():
            setattr(member, key, value)
        member.save(update_fields=list(changed))
        record(member, "member.change_own", member, before=before, after=changed)
    return member

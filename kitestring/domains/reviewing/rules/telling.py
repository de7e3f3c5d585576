"""One sentence for an approval that asks again: who changed what since it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kitestring.domains.reviewing.rules.changes import Group
from kitestring.domains.reviewing.rules.lines import count


@dataclass(frozen=True)
class Answer:
    """The answer before: a yes or not, whose, and whether the reader gave it."""

    yes: bool
    by: str
    mine: bool


def told(name: str, found: Sequence[Group], answer: Answer) -> str:
    """Who (`name`) changed what after which answer."""
    if not found:
        return _("Asks again; nothing differs from what was answered before")
    said = {"name": name, "what": what(found), "who": answer.by}
    if answer.yes and answer.mine:
        return _("%(name)s changed %(what)s after your yes, so it asks again") % said
    if answer.yes:
        return _("%(name)s changed %(what)s after %(who)s said yes, so it asks again") % said
    if answer.mine:
        return _("%(name)s changed %(what)s after you sent it back") % said
    return _("%(name)s changed %(what)s after %(who)s sent it back") % said


def what(found: Sequence[Group]) -> str:
    """ "2 lines, the pictures": the lines counted, the rest named."""
    # What two accounts changed alike is one change, even where one of them changed more.
    texts = {(name, tuple(lines)) for group in found for name, lines in group.change.texts.items()}
    lines = sum(count(each) for _name, each in texts)
    files = {file.how for group in found for file in group.change.files}
    choices = {name for group in found for name in group.change.choices}
    named = [
        (lines, ngettext("%(n)s line", "%(n)s lines", lines) % {"n": lines}),
        (files - {"described"}, _("the pictures")),
        ("described" in files, _("the alternative text")),
        ("kind" in choices, _("the way of publishing")),
        ("language" in choices, _("the language")),
        ("options" in choices, _("the settings")),
        ("thread" in choices, _("the thread")),
        ("exemptions" in choices, _("the exemptions")),
        ("about" in choices, _("what the post is")),
        ("campaign" in choices, _("what people do in the campaign")),
        (any(group.change.how for group in found), _("the accounts")),
    ]
    # Translators: between the things of a list, as in "2 lines, the pictures"
    return pgettext("list", ", ").join(words for there, words in named if there)

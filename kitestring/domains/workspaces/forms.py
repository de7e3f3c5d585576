"""What people type about themselves and their colleagues."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kitestring.domains.workspaces.models import Language, Role, Theme
from kitestring.kit.refusals import Refusal


class PlainForm(forms.Form):
    """A form whose checks are the action's: `refuse` puts a refusal beside its field."""

    use_required_attribute = True

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class OwnForm(PlainForm):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    title = forms.CharField(
        label=_("What you do"),
        max_length=120,
        required=False,
        help_text=_("Shown beside your name, for example “Social media lead”."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    theme = forms.ChoiceField(label=_("Light and dark"), choices=Theme.choices)


class InviteForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)
    language = forms.ChoiceField(label=_("Their language"), choices=Language.choices)


class JoinForm(PlainForm):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. A short sentence is easy to remember and hard to guess."),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class WorkspaceForm(PlainForm):
    name = forms.CharField(label=_("Name of the workspace"), max_length=120)

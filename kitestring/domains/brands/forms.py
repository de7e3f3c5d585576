"""What people type about an instance's beginning and about a brand."""

from __future__ import annotations

import json

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kitestring.domains.brands.rules import RENAMED, market_choices
from kitestring.domains.workspaces.forms import PlainForm
from kitestring.domains.workspaces.models import Language

ZONE = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}
ANSWERS = [
    (30, _("30 minutes")),
    (60, _("1 hour")),
    (120, _("2 hours")),
    (240, _("4 hours")),
    (480, _("8 hours")),
    (1440, _("1 day")),
    (2880, _("2 days")),
]


class WelcomeForm(PlainForm):
    """The first page of an empty instance."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name", "autofocus": True}),
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. A short sentence is easy to remember and hard to guess."),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language of these pages"), choices=Language.choices)
    workspace_name = forms.CharField(
        label=_("Name of the workspace"), max_length=120, help_text=_("Your company, team or agency.")
    )
    brand_name = forms.CharField(
        label=_("First brand"), max_length=120, help_text=_("Whom you speak for. More can be added later.")
    )
    brand_language = forms.ChoiceField(label=_("Language the brand writes in"), choices=Language.choices)
    timezone = forms.CharField(
        label=_("Time zone of the brand"),
        max_length=64,
        help_text=_("09:00 in the calendar means 09:00 there. Type a city."),
        widget=forms.TextInput(ZONE),
    )
    zone_guess = forms.CharField(
        required=False,
        max_length=64,
        widget=forms.HiddenInput({"data-zone-guess": "id_timezone", "data-zone-names": json.dumps(RENAMED)}),
    )


class BrandForm(PlainForm):
    """A brand's settings."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language it writes in"), choices=Language.choices)
    timezone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("09:00 in the calendar means 09:00 there. Type a city."),
        widget=forms.TextInput(ZONE),
    )
    markets = forms.MultipleChoiceField(
        label=_("Markets"),
        choices=lambda: market_choices(get_language() or "en"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Where its posts are read. They are held against the advertising rules of these places; of others there "
            "are none here yet."
        ),
    )
    answer_within = forms.TypedChoiceField(
        label=_("Answer people within"),
        choices=ANSWERS,
        coerce=int,
        help_text=_("The inbox and Today count down to this."),
    )
    needs_approval = forms.BooleanField(label=_("Posts need an approval before they go out"), required=False)
    colour = forms.CharField(label=_("Colour"), max_length=7, widget=forms.TextInput({"type": "color"}))
    mark = forms.CharField(
        label=_("Mark"),
        max_length=2,
        required=False,
        help_text=_("One or two letters or a sign, shown where there is no room for the name."),
    )

"""The form that connects an account: its fields are the manifest's, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kitestring.connectorkit.manifest import AccountType, Asked
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.connect import handle_field
from kitestring.domains.workspaces.forms import PlainForm

LONGEST = 4000


class RenameForm(PlainForm):
    name = forms.CharField(label=gettext_lazy("Name here"), max_length=255)


class ConnectForm(PlainForm):
    """One field for each thing the channel asks; a hand-off channel asks at least for the handle.

    `known` fills in what was typed before and is no secret.
    """

    def __init__(
        self,
        connector: Connector,
        language: str,
        data: dict[str, str] | None = None,
        known: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=known)
        manifest = connector.manifest
        for asked in manifest.auth.fields:
            self.fields[asked.key] = _field(asked, manifest.account_types, language)
        if connector.auth is None and (field := handle_field(connector)) not in self.fields:
            self.fields[field] = forms.CharField(
                label=_("Account name"),
                help_text=_("As people see it there, for example @crumb.bakery"),
                max_length=255,
            )


class LimitForm(PlainForm):
    """A limit that somebody knows better, and why."""

    value = forms.IntegerField(label=gettext_lazy("Limit on this account"), min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("For example: Premium plan, seen on the account’s own page on 3 December."),
    )

    def __init__(self, choices: list[tuple[str, str]], data: Mapping[str, str] | None) -> None:
        super().__init__(data)
        self.fields["key"] = forms.ChoiceField(label=_("Which limit"), choices=choices)
        self.order_fields(["key", "value", "reason"])


class AppForm(PlainForm):
    """What is asked of the operator's own app at a platform. A secret that is kept already may stay empty."""

    def __init__(
        self, fields: tuple[Asked, ...], language: str, data: dict[str, str] | None, known: Mapping[str, str]
    ) -> None:
        shown = {one.key: known[one.key] for one in fields if one.kind != "password" and one.key in known}
        super().__init__(data, initial=shown)
        for asked in fields:
            self.fields[asked.key] = field = _field(asked, (), language)
            if asked.kind == "password" and known.get(asked.key):
                field.required = False
                field.help_text = _("Kept encrypted. Leave it empty to keep the present one.")


def _field(asked: Asked, types: tuple[AccountType, ...], language: str) -> forms.Field:
    help_text = asked.help.in_(language) if asked.help else ""
    label = asked.label.in_(language)
    if asked.kind == "choice":
        names = {kind.key: kind.label.in_(language) for kind in types}
        names |= {key: text.in_(language) for key, text in asked.names.items()}
        choices = [(key, names.get(key, key)) for key in asked.choices]
        return forms.ChoiceField(
            label=label, help_text=help_text, choices=choices, required=asked.required, initial=asked.default
        )
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=asked.required,
        initial=asked.default,
        max_length=LONGEST,
        strip=True,
        widget=_widget(asked),
        validators=[_is_address] if asked.kind == "url" else [],
    )


def _is_address(value: str) -> None:
    """Refuse what no browser could open, before anybody is asked over the network."""
    try:
        parts = urlsplit(value if "://" in value else f"https://{value}")
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if (
        not host
        or parts.scheme not in ("http", "https")
        or not ("." in host or ":" in host or host == "localhost")
    ):
        raise forms.ValidationError(_("This is not a web address. It looks like https://example.com"))


def _widget(asked: Asked) -> forms.Widget:
    quiet = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
    if asked.kind == "password":
        # Kept in the page when the answer is swapped in, so that a secret is neither sent back nor typed again.
        return forms.PasswordInput({**quiet, "autocomplete": "new-password", "hx-preserve": "true"})
    if asked.kind == "url":
        return forms.TextInput({**quiet, "inputmode": "url"})
    return forms.TextInput(quiet)

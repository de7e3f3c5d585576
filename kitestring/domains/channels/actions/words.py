"""A connector's outcome while connecting, as a refusal in the person's words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.sentences import sentence as common_sentence
from kitestring.domains.channels.rules import sentence
from kitestring.domains.channels.sessions import sandbox_of
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal

# Sentences of the house that are about connecting; the others speak of a post.
WHILE_CONNECTING: Final = frozenset(
    {"consent_denied", "consent_refused", "code_refused", "app_keys_wrong", "nothing_to_connect"}
    | {"renewal_refused", "version_retired", "scope_missing"}
)


def refusal(channel: str, error: ConnectorError, member: Member) -> Refusal:
    """Beside the field the connector names, in the member's language; the channel's own sentence where it has one."""
    manifest, language = registry.get(channel).manifest, member.language
    names = {"channel": manifest.name.in_(language), "said": error.said}
    if error.reason == "demo_only" and (sandbox := sandbox_of(member.workspace, channel)):
        said = _(
            "This is a demo: it never calls the real %(channel)s, only its sandbox. Nothing was sent. "
            "Type the sandbox’s address: %(sandbox)s"
        )
        return Refusal(said % {**names, "sandbox": sandbox}, reason=error.reason, field=_address(manifest))
    if error.reason == "demo_only":
        return Refusal(common_sentence(error.reason, language=language), reason=error.reason)
    own = sentence(manifest, error.reason, language)
    if own:
        own = own.format_map(_Kept(error.params))
    elif error.reason in WHILE_CONNECTING:
        own = common_sentence(error.reason, error.params, language, manifest)
    if isinstance(error, Rejected):
        return Refusal(own or _not_accepted(error, names), reason="rejected", field=error.field)
    if isinstance(error, GrantExpired):
        said = _(
            "%(channel)s does not accept these keys (any more). Nothing was saved. Make new ones there and connect again."
        )
        return Refusal(own or said % names, reason="grant_expired")
    said = _("%(channel)s gave no clear answer just now. Nothing was changed here. Try again in a minute.")
    if error.reason == "not_itself":
        said = _(
            "Something other than %(channel)s answered: a web page, perhaps a login page of your network. Nothing was saved. "
            "Try again in a minute; if this goes on, whoever runs this server looks at the channel’s address from there."
        )
    return Refusal(own or said % names, reason="not_reached")


def _not_accepted(error: Rejected, names: dict[str, str]) -> str:
    if error.reason == "bad_address":
        return _("This is not a web address. Nothing was saved. Type one like https://example.com")
    if error.reason == "host_refused":
        return _(
            "Kitestring may not call this address: it is private, or belongs to another channel. Nothing was "
            "sent or saved. Type the server’s public address, as in the browser; a server on this very machine an operator "
            "can allow."
        )
    if error.said:
        said = _(
            "%(channel)s did not accept this. It said: “%(said)s”. Nothing was saved. Check what you typed, and try again."
        )
        return said % names
    return (
        _("%(channel)s did not accept this. Nothing was saved. Check what you typed, and try again.") % names
    )


def _address(manifest: Manifest) -> str:
    """The field where the server is named, for a sentence beside it."""
    return next((one.key for one in manifest.auth.fields if one.kind == "url"), "")


class _Kept(dict[str, object]):
    """Leaves a placeholder standing when the connector gave no value for it."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"

"""Sends a message of a fixed form to a person, where the channel takes no words of our own (any more): by the ledger, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.templates import Template, options_of
from kitestring.domains.channels.actions.templates import templates_of
from kitestring.domains.inbox.actions.reply import AT_ONCE, exempt_from_rules, kept_answer
from kitestring.domains.inbox.actions.take_in import refresh
from kitestring.domains.inbox.models import Conversation, Message, Sort
from kitestring.domains.inbox.queries import conversation_for, last_incoming, same_answer
from kitestring.domains.publishing.actions.reply import schedule_reply
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


def takes_templates(conversation: Conversation) -> bool:
    """Whether this person can be sent one: a private talk, on an account whose type has templates."""
    try:
        manifest = registry.get(conversation.account.channel).manifest
    except KeyError:
        return False
    facts, of = manifest.templates, conversation.account
    if (
        facts is None
        or conversation.sort != Sort.MESSAGE
        or isinstance(of.capabilities.get("templates"), str)
    ):
        return False
    return not facts.account_types or of.account_type in facts.account_types


def templates_for(member: Member, conversation_id: UUID) -> Sequence[Template]:
    """Those the channel has for this account now. Raises Refusal, worded."""
    require(member, "inbox.reply")
    conversation = conversation_for(member, conversation_id)
    if not takes_templates(conversation):
        raise Refusal(
            _("This account cannot send templates. Answer by hand on the channel."), reason="not_found"
        )
    return templates_of(member, conversation.account_id)


def send_template(
    member: Member,
    conversation_id: UUID,
    template: Template,
    values: Mapping[str, str],
    claims: Iterable[Mapping[str, str]] = (),
) -> Message:
    """Raises Refusal with the blank (`field`) that is empty or too long. Pressed twice at once it is one message.

    `claims`: exemptions from rules, as of an answer in words.
    """
    require(member, "inbox.reply")
    told = {one.key: " ".join(values.get(one.key, "").split()) for one in template.blanks}
    for one in template.blanks:
        if not told[one.key]:
            raise Refusal(_("Still empty. Nothing was sent; fill it in."), field=one.key)
        if one.limit is not None and len(told[one.key]) > one.limit:
            said = _("%(n)s characters, and %(limit)s fit. Nothing was sent; shorten it.")
            raise Refusal(said % {"n": len(told[one.key]), "limit": one.limit}, field=one.key)
    return _sent(member, conversation_id, template, told, list(claims))


@transaction.atomic
def _sent(
    member: Member,
    conversation_id: UUID,
    template: Template,
    told: Mapping[str, str],
    claims: Sequence[Mapping[str, str]],
) -> Message:
    conversation = conversation_for(member, conversation_id, lock=True)
    text = template.filled(told)
    answered = last_incoming(conversation)
    if answered is None:
        raise Refusal(_("This person has written nothing that can be answered. Nothing was sent."))
    if same := same_answer(conversation, answered, text, now() - AT_ONCE):
        return same
    # The rules read it as it reaches the person: what no answer may say goes out by no blank.
    exempt = exempt_from_rules(member, conversation, answered, text, claims, field="", **_cures(template))
    ours = kept_answer(member, conversation, answered, text, exempt)
    schedule_reply(
        member,
        ours.pk,
        conversation.account,
        text,
        reply_to=answered.remote_id,
        root=conversation.post_remote_id,
        private=True,
        payload={"language": ours.language, "options": options_of(template.key, told)},
    )
    refresh(conversation)
    after: dict[str, Any] = {"message": str(ours.pk), "template": template.title, "text": text}
    after |= {"exemptions": exempt} if exempt else {}
    record(member, "inbox.template", conversation, after=after)
    return ours


def _cures(template: Template) -> dict[str, str]:
    """What to do about words that a rule forbids; `claim`: where an exemption from it may be claimed."""
    if template.blanks:
        return {
            "cure": _(
                "It was not sent and what you typed is still here: change it, or choose another template."
            ),
            "claim": _(
                "It was not sent and what you typed is still here: change it, choose another template, or claim an "
                "exemption below."
            ),
        }
    return {
        "cure": _("It was not sent. Choose another template."),
        "claim": _("It was not sent. Choose another template, or claim an exemption below."),
    }

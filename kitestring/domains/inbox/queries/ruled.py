"""What the rules of channels and countries say of an answer, before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kitestring.connectorkit.addresses import leads_to
from kitestring.connectorkit.links import links
from kitestring.domains.composing.models import Exemption
from kitestring.domains.composing.queries.ruled import Ruled, ruled
from kitestring.domains.inbox.models import Conversation, Message, Sort
from kitestring.domains.publishing.rules.telling import manifest_of
from kitestring.language.identify import identify
from kitestring.rulepacks import Hit, Said, audience, lint

SAID: Final[dict[str, Said]] = {Sort.MESSAGE: "message"}


def hits_on_answer(
    talk: Conversation, answered: Message | None, text: str, claimed: Sequence[Exemption] = ()
) -> list[Hit]:
    """Every hit on `text` as an answer to `answered`. `claimed`: exemptions that were claimed for these words."""
    account = talk.account
    return lint(
        text,
        said=SAID.get(talk.sort, "reply"),
        channels=[account.channel],
        countries=audience(account.channel, talk.brand.sells_in),
        languages=[identify(text)],
        facts=facts_on_answer(talk, answered, text),
        exemptions={(one.rule, one.words): one.claim for one in claimed},
    )


def facts_on_answer(talk: Conversation, answered: Message | None, text: str) -> dict[str, object]:
    """What is known besides the words. To the channel an answer that leaves by its interface is a program's; whether it was
    asked for, its connector says of each message (`Incoming.can_reply`). Nobody pays for an answer."""
    manifest, account = manifest_of(talk.account.channel), talk.account
    facts: dict[str, object] = {
        "link": bool(links(text)),
        "account.type": account.account_type,
        "sponsored": False,
        "reply.automated": manifest is not None and manifest.mode == "api",
    }
    if own := account.settings.get("own_domains"):
        facts["link.own_domain"] = leads_to(text, own)
    if answered is not None:
        facts["reply.asked"] = answered.can_reply
    return facts


def ruled_answer(
    talk: Conversation, answered: Message | None, text: str, claimed: Sequence[Exemption], language: str
) -> list[Ruled]:
    """The same, worded in `language`, as the box under the conversation shows it; nothing for an empty box."""
    if not text.strip():
        return []
    return ruled(hits_on_answer(talk, answered, text, claimed), {"text": text}, claimed, language)

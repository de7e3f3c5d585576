"""Why a number is not there, in words: the channel does not give it, has not yet, or could not be asked."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.sentences import sentence
from kitestring.domains.analytics.queries.standing import Standing
from kitestring.domains.analytics.rules import REACTIONS
from kitestring.domains.channels.models import Account


def why_missing(standing: Standing, metric: str, language: str) -> str:
    """The reason in `language` (gettext's own sentences in the active one). `metric` "engagement": all reactions."""
    account = standing.delivery.account
    try:
        manifest = registry.get(account.channel).manifest
    except KeyError:
        return _("this channel is not installed any more")
    keys = REACTIONS if metric == "engagement" else (metric,)
    said = next((s.why for s in standing.samples if s.metric in keys and s.why), "")
    if said:
        return first_sentence(sentence(said, {}, language, manifest))
    return first_sentence(_never(manifest, keys, language)) or _not_yet(standing, manifest, language)


def never_told(account: Account, language: str) -> str:
    """Why this account's channel tells no reactions at all, in `language`; empty when it tells any."""
    try:
        manifest = registry.get(account.channel).manifest
    except KeyError:
        return _("this channel is not installed any more")
    return first_sentence(_never(manifest, REACTIONS, language))


def first_sentence(text: str) -> str:
    """A connector's sentences go on to say what to do; beside a figure only what is so has room."""
    return re.split(r"(?<=[.!?])\s|(?<=[。！？；])", text, maxsplit=1)[0].rstrip("。.；")


def _never(manifest: Manifest, keys: tuple[str, ...], language: str) -> str:
    given = {m.key for m in manifest.metrics}
    if given & set(keys):
        return ""
    stated = {m.key: m.why.in_(language) for m in manifest.missing}
    return next((stated[k] for k in keys if k in stated), _("this channel gives no such number"))


def _not_yet(standing: Standing, manifest: Manifest, language: str) -> str:
    watch = getattr(standing.delivery, "watch", None)
    if watch is not None and watch.problem in manifest.sentences:
        return first_sentence(sentence(watch.problem, {}, language, manifest))
    if watch is not None and watch.problem:
        return _("the channel could not be asked the last time; it is asked again")
    return _("it has not been read yet")

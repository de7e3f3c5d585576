"""What a campaign's figure may count."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from django.utils.translation import gettext as _

from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.channels.rules import METRICS

ENGAGEMENT: Final = "engagement"


def label_of(metric: str) -> str:
    """A metric as the reader calls it; "" for none, the key itself for one that nobody declares any more."""
    if metric == ENGAGEMENT:
        return _("Engagement (all reactions together)")
    return _(METRICS[metric]) if metric in METRICS else metric


def declared(manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """The metrics a figure may count on these channels: all reactions together, then each one a manifest gives."""
    given = {metric.key for manifest in manifests for metric in manifest.metrics}
    return (ENGAGEMENT, *(key for key in METRICS if key in given))


def options(metrics: Collection[str], present: str) -> list[tuple[str, str]]:
    """What a form offers: the `metrics`, and the `present` one also when no account declares it any more."""
    keys = [*metrics, present] if present and present not in metrics else list(metrics)
    return [(key, label_of(key)) for key in keys]

"""What will become of files on a channel: as it lies ready, else as it is planned, else why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kitestring.connectorkit.manifest import MediaLimit
from kitestring.connectorkit.marked import picture_name
from kitestring.domains.library.models import Asset, Making, MakingState, Rendition
from kitestring.domains.library.rules.bounds import CENTRE, bounds_for, shown_at
from kitestring.domains.library.rules.plan import Step, plan


@dataclass(frozen=True)
class Made:
    """What lies ready of these contents, and what could not be made or is being made: by (content, recipe)."""

    renditions: Mapping[tuple[str, str], Rendition] = field(default_factory=dict)
    makings: Mapping[tuple[str, str], Making] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """A file as a channel will get it: the figures are those of what goes, 0 where only the making tells them.

    `steps`: what is done to it. `ready`: nothing has to be made any more. `failed`: why it cannot be (`rules.reasons`), else "".
    `under_way`: somebody makes it, or will. `possible` False: the channel takes nothing that could be made of it.
    """

    asset: Asset
    alt: str
    mime: str
    size: int
    width: int
    height: int
    duration: float
    steps: tuple[Step, ...] = ()
    ready: bool = True
    failed: str = ""
    under_way: bool = False
    possible: bool = True

    @property
    def is_image(self) -> bool:
        return self.asset.is_image

    @property
    def name(self) -> str:
        """How the text of an article calls it."""
        return picture_name(self.asset.pk)

    @property
    def position(self) -> str:
        """Where a style sheet puts the whole picture so that the box shows what goes; of what goes whole, but is shown in a
        box of another shape, what is to be kept in.
        """
        asset = self.asset
        if "cropped" not in self.steps or not self.width or not self.height:
            return f"{asset.focus_x:.0%} {asset.focus_y:.0%}"
        return shown_at(asset.width, asset.height, self.width / self.height, (asset.focus_x, asset.focus_y))


def made_of(sources: Iterable[str]) -> Made:
    """One look for all of them; none for none."""
    wanted = list(dict.fromkeys(sources))
    if not wanted:
        return Made()
    renditions = Rendition.objects.filter(source__in=wanted)
    makings = Making.objects.filter(source__in=wanted).exclude(state=MakingState.MADE)
    return Made(
        {(one.source, one.recipe): one for one in renditions},
        {(one.source, one.recipe): one for one in makings},
    )


def focus_of(frozen: Mapping[str, Any]) -> tuple[float, float]:
    """What a crop of a frozen file keeps in; the middle where nobody said anything else."""
    x, y = frozen.get("focus") or CENTRE
    return float(x), float(y)


def planned(
    asset: Asset, alt: str, limit: MediaLimit | None, made: Made, focus: tuple[float, float] | None = None
) -> Planned:
    """`focus`: as it was frozen; None: as the file says now."""
    bounds = bounds_for(asset, limit, focus or (asset.focus_x, asset.focus_y))
    coming, key = plan(asset, bounds), (asset.sha256, bounds.recipe)
    if not coming.steps or not coming.possible:
        known = made.renditions.get(key) if asset.tells else None
        size = known.size if known else coming.size
        return Planned(
            asset,
            alt,
            coming.mime,
            size,
            coming.width,
            coming.height,
            coming.duration,
            possible=coming.possible,
        )
    known = made.renditions.get(key)
    if known is not None and not coming.refused:
        seconds = known.duration or coming.duration
        return Planned(asset, alt, known.mime, known.size, known.width, known.height, seconds, coming.steps)
    making = made.makings.get(key)
    failed = making.reason if making is not None and making.state == MakingState.FAILED else ""
    return Planned(
        asset,
        alt,
        coming.mime,
        0,
        coming.width,
        coming.height,
        coming.duration,
        coming.steps,
        ready=False,
        failed=coming.refused or failed,
        under_way=making is not None and making.state != MakingState.FAILED,
    )

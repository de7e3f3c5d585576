"""The duty to make one rendition before somebody's hour comes: a row, so that an emptied job table loses nothing."""

from __future__ import annotations

from django.db import models

from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import Arrow, Graph


class MakingState(models.TextChoices):
    WANTED = "wanted"
    UNDER_WAY = "under_way"
    MADE = "made"
    FAILED = "failed"


GRAPH = Graph(
    MakingState.WANTED,
    MakingState.values,
    [
        Arrow("wanted", "a worker takes it", ("under_way",)),
        Arrow("under_way", "it lies ready", ("made",)),
        Arrow("under_way", "it cannot be made", ("failed",)),
        Arrow("under_way", "the worker stopped, died, or had no room", ("wanted",)),
        Arrow("failed", "asked for again", ("wanted",)),
        Arrow("made", "its file is gone, and it is asked for again", ("wanted",)),
    ],
)


class Making(models.Model):
    """`source` and `recipe` as of the rendition; `bounds`: the recipe in full (`Bounds.plain`). `wanted_by`: the soonest
    hour that needs it. `lease_until`: somebody works on it until then. `reason`: a key of `rules.reasons`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=64)
    recipe = models.CharField(max_length=120)
    bounds = models.JSONField()
    moving = models.BooleanField()
    state = models.CharField(max_length=16, choices=MakingState, default=MakingState.WANTED)
    wanted_by = models.DateTimeField(default=now)
    asked_at = models.DateTimeField(default=now)
    not_before = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "recipe"], name="making_once")]
        indexes = [
            models.Index(
                fields=["moving", "wanted_by"],
                condition=models.Q(state__in=["wanted", "under_way"]),
                name="making_open",
            )
        ]

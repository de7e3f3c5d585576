"""What comes round: a post that recurs by a rule, or an account's slots that take from the evergreen stock.

Each time it comes round is a `Delivery` of its own, with its own key and history; a series only says when they are made.
"""

from __future__ import annotations

from datetime import time as Time
from typing import Final
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.publishing.rules.recurrence import Pattern, Rule, Slots
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import Arrow, Graph


class SeriesState(models.TextChoices):
    RUNNING = "running", _("Runs")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class SeriesKind(models.TextChoices):
    RECURRING = "recurring", _("Recurring")
    EVERGREEN = "evergreen", _("Evergreen")


GRAPH = Graph(
    SeriesState.RUNNING,
    SeriesState.values,
    [
        Arrow("running", "paused by a person", ("paused",)),
        Arrow("paused", "resumed by a person", ("running",)),
        Arrow("running", "stopped, or its last time has come", ("ended",)),
        Arrow("paused", "stopped", ("ended",)),
    ],
)

STANDING: Final = (SeriesState.RUNNING, SeriesState.PAUSED)


class Series(models.Model):
    """`kind` recurring: `post` by the rule in `every`, `weekdays`, `interval`, `month_day`, `at`, `starts`, `until`, `times`
    (see `rules.recurrence.Rule`), as `revision` froze it. `kind` evergreen: `account` by its `slots`, [[weekday, "09:00"]].

    `zone_key` is the brand's as it was when the hours were given: they stay what the person was told. `apart`, `same_apart`:
    the least seconds between two of this series, and between two of the same post, on one account. `made_to`: the
    deliveries up to this moment are made, or never will be; of slots, when they were filled last. `look_at`: when the next
    ones come into sight.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=SeriesKind)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="series")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, blank=True, related_name="series")
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, blank=True, related_name="series"
    )
    revision = models.ForeignKey(Revision, on_delete=models.RESTRICT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=SeriesState, default=SeriesState.RUNNING)
    every = models.CharField(max_length=8, blank=True)
    at = models.TimeField(null=True, blank=True)
    weekdays = models.JSONField(default=list)
    interval = models.PositiveSmallIntegerField(default=1)
    month_day = models.PositiveSmallIntegerField(default=1)
    slots = models.JSONField(default=list)
    starts = models.DateField()
    until = models.DateField(null=True, blank=True)
    times = models.PositiveIntegerField(null=True, blank=True)
    zone_key = models.CharField(max_length=64)
    tolerance = models.PositiveIntegerField(default=3600)
    apart = models.PositiveIntegerField(default=0)
    same_apart = models.PositiveIntegerField(default=0)
    made_to = models.DateTimeField()
    look_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"],
                condition=models.Q(kind="recurring", state__in=["running", "paused"]),
                name="series_of_post_once",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(kind="evergreen", state__in=["running", "paused"]),
                name="series_of_account_once",
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=models.Q(state="running"), name="series_to_look_at")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_key)

    @property
    def rule(self) -> Rule:
        """When a post recurs; of kind recurring only."""
        return Rule(
            every=self.every,
            at=self.at or Time(),
            starts=self.starts,
            weekdays=tuple(self.weekdays),
            interval=self.interval,
            month_day=self.month_day,
            until=self.until,
            times=self.times,
        )

    @property
    def pattern(self) -> Pattern:
        """Its local hours, of whichever kind it is."""
        if self.kind == SeriesKind.RECURRING:
            return self.rule
        return Slots([(day, Time.fromisoformat(at)) for day, at in self.slots], self.starts)

    @property
    def subject(self) -> Post | Account | Brand:
        """What it is about, for the record of changes."""
        return self.post or self.account or self.brand


class Evergreen(models.Model):
    """A post of the brand's stock, good until a day that counts itself in, or for good."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, primary_key=True, related_name="evergreen")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="evergreens")
    good_until = models.DateField(null=True, blank=True)
    marked_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    marked_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"evergreen {self.pk}"

"""A page for the boss: what the samples say, a person's words over it, the revisions that went up, and the answers."""

from __future__ import annotations

from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Language, Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Report(models.Model):
    """`content` is what the samples say, with their ids; nobody types into it. `words` are a person's own over it
    (see `rules.wording`), counted by `version`. `secret` opens the live link, which shows the newest revision.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="reports")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    language = models.CharField(max_length=8, choices=Language)
    title = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    content = models.JSONField()
    words = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    secret = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)


class ReportRevision(models.Model):
    """The page as it was shared, never changed afterwards. `pdf` is its file under the data folder, "" until printed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    pdf = models.CharField(max_length=200, blank=True)
    shared_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    shared_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_revision_number"),
        ]


class ReportAnswer(models.Model):
    """What was decided, by whom, in their own words, on the one revision they read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.OneToOneField(ReportRevision, on_delete=models.CASCADE, related_name="answer")
    choice = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    signed_as = models.CharField(max_length=120)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

"""A page for the boss, frozen when it was made, and what the boss decided on it."""

from __future__ import annotations

from django.db import models

from kitestring.domains.brands.models import Brand
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Language, Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7


class Report(models.Model):
    """`content` holds the page's findings with the ids of the samples under them; `secret` opens the live link.

    `pdf` is the file's path under the data folder.
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
    secret = models.CharField(max_length=64, unique=True)
    pdf = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)


class ReportAnswer(models.Model):
    """What was decided, by whom, in their own words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="answer")
    choice = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    signed_as = models.CharField(max_length=120)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

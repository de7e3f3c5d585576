"""What is left of a time of a series that was taken back before its hour: enough to tell who still has its address."""

from __future__ import annotations

from django.db import models

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.models.series import Series
from kitestring.kit.clock import now


class TakenBack(models.Model):
    """`id` is the delivery's that was. `why`: the reason it would have been cancelled for (see `rules/words.py`)."""

    id = models.UUIDField(primary_key=True, editable=False)
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="taken_back")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    why = models.CharField(max_length=40)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"taken back {self.pk}"

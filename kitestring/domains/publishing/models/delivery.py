"""The duty to put one variant, reply or send on one account, once. The only source of truth.

The job queue merely wakes us and may be emptied at any moment without loss.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Revision
from kitestring.domains.publishing.models.series import Series
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import Arrow, Graph


class DeliveryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    SENDING = "sending", _("Sending")
    PROCESSING = "processing", _("Being processed there")
    PARTLY_OUT = "partly_out", _("Partly out")
    PUBLISHED = "published", _("Published")
    UNKNOWN = "unknown", _("Unknown")
    NEEDS_ATTENTION = "needs_attention", _("Needs you")
    FAILED = "failed", _("Refused")
    HANDED_OFF = "handed_off", _("Hand-off")
    CANCELLED = "cancelled", _("Cancelled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DeliveryKind(models.TextChoices):
    VARIANT = "variant", _("Post")
    REPLY = "reply", _("Reply")


GRAPH = Graph(
    DeliveryState.DRAFT,
    DeliveryState.values,
    [
        Arrow("draft", "scheduled by a person, rule or API", ("scheduled",)),
        Arrow(
            "scheduled", "edit, cancel, grant ended, account paused, approval voided", ("cancelled", "held")
        ),
        Arrow("scheduled", "claimed by a batch", ("sending",)),
        Arrow("scheduled", "hand-off channel, due", ("handed_off",)),
        Arrow("scheduled", "a check at the due hour fails", ("needs_attention",)),
        Arrow("sending", "accepted, remote id known", ("published",)),
        Arrow("sending", "refused before acceptance", ("scheduled",)),
        Arrow("sending", "grant ended", ("held",)),
        Arrow("sending", "final refusal", ("failed",)),
        Arrow("sending", "time-out, reset, unclear answer, or lease ran out", ("unknown",)),
        Arrow("sending", "accepted for processing", ("processing",)),
        Arrow("unknown", "look-up finds it", ("published", "processing")),
        Arrow("unknown", "absent after the settle time", ("scheduled",)),
        Arrow("unknown", "no look-up, or unclear three times", ("needs_attention",)),
        Arrow("processing", "done, refused, or past its deadline", ("published", "failed", "unknown")),
        Arrow("processing", "lease ran out in the step that publishes", ("unknown",)),
        Arrow("processing", "not handed over yet, and may not leave now", ("scheduled",)),
        Arrow("held", "cause gone within tolerance, or past it", ("scheduled", "needs_attention")),
        Arrow("held", "cancelled", ("cancelled",)),
        Arrow("cancelled", "of a series: skipped, and put back before its hour", ("scheduled", "held")),
        *(
            Arrow(state, "a proof comes late: it is live", ("published",))
            for state in ("scheduled", "held", "failed", "cancelled")
        ),
        *(
            Arrow(state, "restored from a backup: it may be out already", ("unknown",))
            for state in ("scheduled", "held", "handed_off")
        ),
        Arrow("failed", "restored from a backup, and nobody can look", ("needs_attention",)),
        Arrow("needs_attention", "a person: live, send it, give up", ("published", "scheduled", "cancelled")),
        *(
            Arrow(state, "of a series: missed, or too near to another of it", ("cancelled",))
            for state in ("scheduled", "held", "needs_attention")
        ),
        Arrow(
            "sending",
            "a part is live and more follow; the next was refused before acceptance",
            ("partly_out",),
        ),
        Arrow("partly_out", "its next part is claimed", ("sending",)),
        Arrow("partly_out", "a check before its next part fails", ("needs_attention",)),
        Arrow("partly_out", "restored from a backup: more may be out", ("unknown",)),
        Arrow("partly_out", "a proof comes late, or a person leaves it as it is", ("published",)),
        *(
            Arrow(state, "a part is refused for good, or the grant ended", ("needs_attention",))
            for state in ("sending", "processing")
        ),
        *(
            Arrow(state, "a part is found, or surely not there", ("partly_out",))
            for state in ("unknown", "processing")
        ),
        Arrow("scheduled", "a proof comes late: its head is live", ("partly_out",)),
        Arrow("cancelled", "a proof comes late: its head is live", ("needs_attention",)),
        Arrow("needs_attention", "a person: go on with the rest", ("partly_out",)),
        Arrow("failed", "fixed or given up", ("scheduled", "cancelled")),
        Arrow("handed_off", "proof given, late, taken back", ("published", "needs_attention", "scheduled")),
        Arrow("published", "deleted by us or found deleted", ("withdrawn",)),
        Arrow(
            "withdrawn",
            "a proof comes late: a part in doubt is there, and is taken down too, or by a person",
            ("published", "needs_attention"),
        ),
    ],
)


class Delivery(models.Model):
    """One row per duty. `key` is made once, unique, for life; `payload` and `revision` are frozen with it.

    `owner`, `lease_until`: the batch that holds it. `not_before`: a retry or look-up waits for it. `handle`: what a
    two-step channel gave. `reason`, `reason_params`, `said`: the last answer, for the person. `tolerance`: seconds.
    `subject_id`: the post, or the message answered: with the account it names the duty, so a post whose account is taken
    off and added again is still the same duty. `needs_approval`: the brand's rule about approval governs it.
    `counted_at`: when it took its place in the account's quota; None again once it is sure that nothing went out.
    `doubt_since`: from when on nobody knew; the settle time counts from here. `carried_by`: who has the hand-off.
    `backup_at`: the row comes from a backup made then, and may be out by a try we know nothing of. `handed_over` False
    in processing: the next `follow` is what publishes.
    `withdraw_asked`, `withdraw_by`: since when somebody wants it taken down there, and who; the worker owes it until
    the state is withdrawn or the wish is dropped with a reason.
    `head_withdrawn_at`: of a sequence all but one late part was taken down.
    `part` of a sequence: which one is next or in the air, so as many are live before it (0: nothing is). `part_from`: the
    attempts made before that part's turn, which began at `part_since` (the head's: when it is claimed). `remote_id` and
    `published_at` are the head's.
    `series`: it is one time of what comes round; `occurrence` is then the local hour it stands for, whenever it is due.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Every change of state writes each index of the row anew: those that serve nobody's question are left out.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    kind = models.CharField(max_length=16, choices=DeliveryKind)
    subject_id = models.UUIDField()
    occurrence = models.CharField(max_length=40, default="", blank=True)
    series = models.ForeignKey(
        Series, on_delete=models.RESTRICT, null=True, blank=True, related_name="deliveries", db_index=False
    )
    key = models.UUIDField(unique=True, default=uuid7, editable=False)
    stamp = models.DateTimeField(default=now)
    publish_kind = models.CharField(max_length=40)
    payload = models.JSONField()
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="deliveries", db_index=False
    )
    state = models.CharField(max_length=16, choices=DeliveryState, default=DeliveryState.DRAFT)
    due_at = models.DateTimeField()
    tolerance = models.PositiveIntegerField(default=3600)
    not_before = models.DateTimeField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False)
    owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    part_from = models.PositiveIntegerField(default=0, db_default=0)
    part_since = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    doubt_since = models.DateTimeField(null=True, blank=True)
    carried_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    withdraw_asked = models.DateTimeField(null=True, blank=True)
    head_withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    unclear = models.PositiveSmallIntegerField(default=0)
    backup_at = models.DateTimeField(null=True, blank=True)
    handle = models.TextField(blank=True)
    handed_over = models.BooleanField(default=True, db_default=True)
    waits_for = models.CharField(max_length=60, blank=True)
    processing_until = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=500, blank=True)
    remote_url = models.URLField(max_length=1000, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    reason_params = models.JSONField(default=dict)
    said = models.TextField(blank=True)
    made_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "kind", "account", "occurrence"], name="delivery_once"
            ),
            # Whatever the occurrence: of one duty only one row stands, the others are over. A series owes many.
            models.UniqueConstraint(
                fields=["kind", "subject_id", "account"],
                condition=models.Q(series__isnull=True) & ~models.Q(state__in=["cancelled", "withdrawn"]),
                name="delivery_stands_once",
            ),
            # Whatever the post: a series comes round once at each of its hours on an account.
            models.UniqueConstraint(
                fields=["series", "account", "occurrence"],
                condition=models.Q(series__isnull=False),
                name="delivery_series_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["scheduled", "unknown", "processing", "sending", "held"]),
                name="delivery_open",
            ),
            models.Index(
                fields=["withdraw_asked"],
                condition=models.Q(state="published", withdraw_asked__isnull=False),
                name="delivery_to_withdraw",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(series__isnull=False, state__in=["scheduled", "held", "needs_attention"]),
                name="delivery_of_series",
            ),
            models.Index(
                fields=["account", "due_at", "id"],
                condition=models.Q(state="scheduled"),
                name="delivery_line",
            ),
            models.Index(
                fields=["account"],
                condition=models.Q(
                    part_since__isnull=False, state__in=["partly_out", "sending", "processing", "unknown"]
                ),
                name="delivery_midway",
            ),
            models.Index(fields=["account", "due_at"], name="delivery_account_due"),
            models.Index(
                fields=["account", "remote_id"], condition=~models.Q(remote_id=""), name="delivery_remote"
            ),
            models.Index(
                fields=["account", "counted_at"],
                condition=models.Q(counted_at__isnull=False),
                name="delivery_counted",
            ),
            models.Index(
                fields=["changed_at"],
                condition=models.Q(kind="reply", state__in=["cancelled", "failed", "withdrawn"]),
                name="delivery_reply_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"

"""Refuses to go on with a sequence whose rest would be stopped again at once, in words that say what comes first."""

from __future__ import annotations

import json
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.models.judging import DUE, JUDGED, UP, parameters
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.publishing.rules.words import first_do
from kitestring.kit.refusals import Conflict

ONE: Final = JUDGED.replace(f"d.state = %(state)s AND {DUE} AND {UP}", "d.id = %(id)s")
FOUND: Final = ONE + " SELECT failing, params::text FROM judged"  # noqa: S608 - our own text


def refuse_stopped(delivery: Delivery) -> None:
    """Raise Conflict when the check that every part passes before it leaves would not let this one go."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, {**parameters(), "id": delivery.pk})
        failing, found = cursor.fetchone()
    if failing:
        params = json.loads(found)
        why = first_do(failing, params) or tell(failing, params, delivery.account.channel)
        raise Conflict(_("The rest cannot go on yet. %(why)s Nothing was changed.") % {"why": why})

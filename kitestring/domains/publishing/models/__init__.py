"""The ledger: deliveries, their attempts, and the series that make them come round."""

from kitestring.domains.publishing.models.attempt import Attempt, Step
from kitestring.domains.publishing.models.delivery import GRAPH, Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.models.lane import Lane
from kitestring.domains.publishing.models.part import Part
from kitestring.domains.publishing.models.rewording import Rewording, RewordingState
from kitestring.domains.publishing.models.series import Evergreen, Series, SeriesKind, SeriesState
from kitestring.domains.publishing.models.taken_back import TakenBack
from kitestring.domains.publishing.models.upload import Upload

__all__ = [
    "GRAPH",
    "Attempt",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Evergreen",
    "Lane",
    "Part",
    "Rewording",
    "RewordingState",
    "Series",
    "SeriesKind",
    "SeriesState",
    "Step",
    "TakenBack",
    "Upload",
]

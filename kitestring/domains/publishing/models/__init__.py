"""The ledger: deliveries and their attempts."""

from kitestring.domains.publishing.models.attempt import Attempt, Step
from kitestring.domains.publishing.models.delivery import GRAPH, Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.models.lane import Lane

__all__ = ["GRAPH", "Attempt", "Delivery", "DeliveryKind", "DeliveryState", "Lane", "Step"]

"""The ledger: deliveries and their attempts."""

from kitestring.domains.publishing.models.attempt import Attempt
from kitestring.domains.publishing.models.delivery import GRAPH, Delivery, DeliveryKind, DeliveryState

__all__ = ["GRAPH", "Attempt", "Delivery", "DeliveryKind", "DeliveryState"]

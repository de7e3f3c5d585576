"""Approvals."""

from kitestring.domains.reviewing.models.approval import GRAPH, Approval, ApprovalState

__all__ = ["GRAPH", "Approval", "ApprovalState"]

"""Reports and the boss's answers."""

from kitestring.domains.reports.models.report import Report, ReportAnswer

__all__ = ["Report", "ReportAnswer"]

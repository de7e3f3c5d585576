"""Reports, their shared revisions, and the boss's answers."""

from kitestring.domains.reports.models.report import Report, ReportAnswer, ReportRevision

__all__ = ["Report", "ReportAnswer", "ReportRevision"]

"""Reads of reports, and of the facts a report is made from."""

"""Posts and their variants: one source, a version per account, frozen revisions that approvals bind to."""

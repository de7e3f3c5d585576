"""One verb a file; each permits, writes, audits and announces in one transaction."""

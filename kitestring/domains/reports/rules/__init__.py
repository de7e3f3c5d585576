"""Pure decisions of a report: what may be claimed from which facts, and in which words."""

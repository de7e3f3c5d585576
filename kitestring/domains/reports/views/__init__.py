"""Pages of reports: the members' and the boss's."""

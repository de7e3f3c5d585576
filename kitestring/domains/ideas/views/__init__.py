"""Pages of briefs and ideas: the letter, the wall."""

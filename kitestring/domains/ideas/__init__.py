"""From the brief to the decision: one wanted response, many ideas, blind votes, one choice with its reason."""

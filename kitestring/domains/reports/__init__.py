"""One page for the boss: goal against result, findings with evidence, and the decision asked."""

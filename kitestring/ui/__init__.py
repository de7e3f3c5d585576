"""How Kitestring looks: base templates, components, formats and built assets. Knows no domain."""

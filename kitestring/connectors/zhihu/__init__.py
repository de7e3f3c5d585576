"""Zhihu (知乎): a person publishes; see manifest.toml."""

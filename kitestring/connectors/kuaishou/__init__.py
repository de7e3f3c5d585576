"""Kuaishou (快手): a person publishes; see manifest.toml."""

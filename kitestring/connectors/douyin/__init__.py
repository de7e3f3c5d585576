"""Douyin (抖音): a person publishes; see manifest.toml."""

"""WeChat Channels (视频号): a person publishes; see manifest.toml."""

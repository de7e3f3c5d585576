"""Every duty to publish is done once: never twice, never silently lost."""

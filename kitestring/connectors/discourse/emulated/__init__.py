"""The inner parts of the Discourse emulator: ids and numbers, how posts and topics are shown, writing, calls."""

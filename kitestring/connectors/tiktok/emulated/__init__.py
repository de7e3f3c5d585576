"""The parts of TikTok's emulator."""

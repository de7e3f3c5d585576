"""Pages that join several domains: Today, search, navigation, and the frame around every page."""

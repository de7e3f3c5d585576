"""LinkedIn's versioned API as far as the connector speaks it, in the words of its documents."""

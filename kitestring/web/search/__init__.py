"""Finding things by words: for the palette while somebody types, and as a page of its own."""

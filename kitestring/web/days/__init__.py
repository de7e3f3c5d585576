"""Days a manager plans by: key dates of the reader's world, and the lunar day as readers write it."""

"""The calendar: month, week and list of what goes out, in the brand's own time."""

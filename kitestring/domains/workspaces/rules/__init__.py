"""How the record, the permission table and a list of names are said to a reader."""

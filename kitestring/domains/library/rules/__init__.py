"""Pure decisions about files: what they are, how they are made to fit."""

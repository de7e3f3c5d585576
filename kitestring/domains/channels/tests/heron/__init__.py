"""A bird that is met in three ways: by a password, by its consent to an app that it reads, or that its tree registers."""

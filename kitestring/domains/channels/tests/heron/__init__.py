"""A bird that is met in two ways: by a password, or by its consent given to an app that it reads at an address of ours."""

"""Meta's Graph API: calls, errors, login, private messages and signatures, as its channels share them."""

"""Google: login, calls, errors and uploads in pieces, as its channels share them."""

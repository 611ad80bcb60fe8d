"""Use cases of the paper pack: making it, typing it back."""

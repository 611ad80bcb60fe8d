"""Forms of the rota, by subject."""

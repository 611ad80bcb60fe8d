"""Rules of the rota."""

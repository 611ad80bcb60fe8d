"""Makes a rota: cover first and proven, then the rest; pure Python and OR-Tools, no database."""

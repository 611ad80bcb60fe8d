"""Nothing is destroyed by the clock alone."""

"""Settings of badges: their page, and what is printed."""

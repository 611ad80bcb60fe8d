"""What the engine of appointments holds to, whoever comes together and whatever happens."""

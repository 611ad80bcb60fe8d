"""What is typed about the rota, by subject."""

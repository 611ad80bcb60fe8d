"""What happens to the rota."""

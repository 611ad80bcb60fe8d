"""What happens at the doors, by subject."""

"""What is typed about appointments."""

"""What the identity provider answers."""

"""Changes that meet: a rescue, a waiting list, a replacement."""

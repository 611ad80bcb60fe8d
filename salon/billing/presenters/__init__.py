"""What the pages of money show."""

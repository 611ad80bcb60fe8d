"""What is due, from issued documents and payments."""

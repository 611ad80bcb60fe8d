"""Identity of a request, and its access rights."""

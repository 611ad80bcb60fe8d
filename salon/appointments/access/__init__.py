"""Access: the identity a request speaks for, and what it may see and do."""

"""French words and numbers: how they are read, compared, written and refused."""

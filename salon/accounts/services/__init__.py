"""Use cases of accounts, sign-ins, codes and stations."""

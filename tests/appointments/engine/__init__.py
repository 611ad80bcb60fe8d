"""Invariants of the engine of appointments under any concurrent acts."""

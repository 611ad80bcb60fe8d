"""Whom one may write to: the audiences, and the filters of each."""

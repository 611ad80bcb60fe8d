"""What a scan is, for the features above: the way it goes, and the answer to it."""

from salon.entrance.rules.scans import Direction, Verdict

__all__ = ["Direction", "Verdict"]

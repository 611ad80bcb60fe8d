"""Merge the registrations of one person, take the merge back, tell two people apart."""

from salon.duplicates.services.merging import Merge, merge_people
from salon.duplicates.services.pairs import compare_again, tell_apart
from salon.duplicates.services.separating import separate_people

__all__ = ("Merge", "compare_again", "merge_people", "separate_people", "tell_apart")

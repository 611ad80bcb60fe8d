"""Merge the registrations of one person, take the merge back, tell two people apart."""

from salon.duplicates.services.agents import merge_agents, separate_agents
from salon.duplicates.services.merging import Merge, merge_people
from salon.duplicates.services.pairs import Pairs, compare_again, tell_apart
from salon.duplicates.services.separating import separate_people

__all__ = (
    "Merge",
    "Pairs",
    "compare_again",
    "merge_agents",
    "merge_people",
    "separate_agents",
    "separate_people",
    "tell_apart",
)

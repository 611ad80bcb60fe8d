"""The organiser's review: list, one application, decisions, exports."""

"""Demonstration (mode démonstration): its clock, one-click entry, mailbox, made-up visitors.

Exists in demonstration mode only; production refuses to start in it.
"""

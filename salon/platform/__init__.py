"""The ground that every feature stands on: settings, database, mail, jobs, formats.

It knows no feature.
"""

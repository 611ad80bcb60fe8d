"""The ground of all features: settings, database, mail, jobs, formats.

It knows no feature.
"""

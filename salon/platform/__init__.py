"""The ground of all features, in districts: settings, words, database, work, web, pages…

It knows no feature.
"""

"""Exhibitors (exposants): from an application (candidature) to a stand, its papers and its people.

Review by the organiser, allocation on the plan, documents and tasks, money, safety, catalogue.
"""

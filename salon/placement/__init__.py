"""Placement: accepted exhibitors get a stand (*stand*) on the plan, by hand or as proposed.

A proposal (*proposition de plan*) is computed by the solver and accepted stand by stand.
"""

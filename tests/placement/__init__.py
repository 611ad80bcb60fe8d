"""Placing exhibitors: the solver, stands given by hand, plans proposed and accepted."""

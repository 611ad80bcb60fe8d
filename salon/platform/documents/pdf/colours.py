"""Inks of the fair's papers; the screens have the same."""

from reportlab.lib.colors import HexColor

INK, SEA, SUN = HexColor("#14232E"), HexColor("#0B5670"), HexColor("#F2B632")
GREY, LINE = HexColor("#52606A"), HexColor("#C9CFD3")
"""Colours of secondary text and of thin lines."""
SAND, DARK_SAND, PALE_SEA = HexColor("#F6F1E7"), HexColor("#E6DCC6"), HexColor("#E3EFF3")

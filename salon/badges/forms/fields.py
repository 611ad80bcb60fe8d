"""Fields shared by several forms of registration."""

from salon.badges.models import Category
from salon.badges.models.badge_layouts import Layout

LONGEST_NOTE = 300
FIRST_LINES = 3
MOST_LINES = 50

LAYOUTS = Layout.choices()
CATEGORIES = Category.choices()

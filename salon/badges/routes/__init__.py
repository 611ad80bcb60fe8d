"""Pages of registration and badges, by journey."""

import salon.badges.routes.badge
import salon.badges.routes.desk
import salon.badges.routes.group
import salon.badges.routes.organiser
import salon.badges.routes.printing
import salon.badges.routes.register  # noqa: F401
from salon.badges.routes.blueprint import blueprint

__all__ = ["blueprint"]

"""An exhibitor's own money pages."""

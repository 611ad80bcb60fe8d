"""An exhibitor's own space: tasks, stand, guide."""

"""Named reads of the appointments."""

"""Named reads of the mailings."""

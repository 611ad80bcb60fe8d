"""The states of an application and the moves between them."""

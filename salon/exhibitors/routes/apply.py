"""The application, step by step, and its tracking page (public, private link)."""

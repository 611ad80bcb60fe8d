"""Sales documents as PDF, Factur-X and CSV."""

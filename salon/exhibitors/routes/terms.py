"""What the organiser decides for the exhibitors of an edition."""

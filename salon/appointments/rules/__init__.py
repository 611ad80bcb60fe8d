"""What appointments allow, by what is decided."""

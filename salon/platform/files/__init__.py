"""Files: what is uploaded, what is encrypted, the backup of an installation."""

"""What leaves as a file or with a message: PDF, calendars, spreadsheets."""

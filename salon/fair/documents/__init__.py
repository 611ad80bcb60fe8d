"""Files and messages: PDF, calendars, spreadsheets."""

"""Files and attachments: PDF, calendars, spreadsheets."""

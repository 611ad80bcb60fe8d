"""Lists of mayors and of town halls, read into the lines of the book."""

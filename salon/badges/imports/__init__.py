"""Input files and device messages, read and checked into typed values."""

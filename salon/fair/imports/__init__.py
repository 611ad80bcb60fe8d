"""Files and device data, read and checked into typed values."""

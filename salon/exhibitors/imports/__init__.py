"""What enters as a file or from a device, read and checked into typed values."""

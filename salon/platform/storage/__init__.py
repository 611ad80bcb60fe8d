"""Storage of files: a folder of this machine, or a bucket that several machines share."""

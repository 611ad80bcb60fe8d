"""Work without a page: jobs, the worker's tasks, commands, and what is known of machines."""

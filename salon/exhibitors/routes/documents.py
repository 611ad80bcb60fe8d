"""Documents: given by exhibitors, checked by organisers."""

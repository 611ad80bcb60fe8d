"""What happens to appointments, by what is done."""

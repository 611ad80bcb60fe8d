"""What happens without the guards."""

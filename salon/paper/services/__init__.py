"""What is done with paper: making the pack, typing it back."""

"""The safety forms of stands and their register."""

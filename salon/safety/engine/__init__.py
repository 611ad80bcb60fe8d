"""Questions of the safety form, and the rules applied to the answers."""

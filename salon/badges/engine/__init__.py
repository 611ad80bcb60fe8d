"""Pure algorithms of badges."""

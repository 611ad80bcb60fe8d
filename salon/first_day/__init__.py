"""The first day of an installation: the first organiser, then the fair in a few steps (« Premier
jour »). Each step saves by itself; the place reached is marked in the database."""

"""Why one profile is a member or not: what was seen, what would change it, and when time alone will."""

"""What is told beside a bound rule: hints, warnings, and what a name was meant to say."""

"""What is answered to a question, as text for people and as data for machines; it knows no front end."""

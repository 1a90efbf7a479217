"""What is true and what follows: facts, rules and scoring, without Django."""

"""What is declared and what is verified: one vocabulary. Imports nothing of ours."""

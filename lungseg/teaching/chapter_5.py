"""Notebook 5: its exercises and questions."""

EXERCISES = ()
QUESTIONS = ()

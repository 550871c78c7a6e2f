"""Notebook 4: its exercises and questions."""

EXERCISES = ()
QUESTIONS = ()

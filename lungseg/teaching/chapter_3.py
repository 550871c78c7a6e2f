"""Notebook 3: its exercises and questions."""

EXERCISES = ()
QUESTIONS = ()

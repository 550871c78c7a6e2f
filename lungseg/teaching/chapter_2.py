"""Notebook 2: its exercises and questions."""

EXERCISES = ()
QUESTIONS = ()

"""Notebook 1: its exercises and questions."""

EXERCISES = ()
QUESTIONS = ()

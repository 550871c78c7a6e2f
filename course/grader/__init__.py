"""What course/grade.py is made of: from what students hand in to their grades, over nbgrader."""

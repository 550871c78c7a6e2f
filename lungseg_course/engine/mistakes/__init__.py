"""What a mistake is called that could be made in any exercise: names, habits, errors in words."""

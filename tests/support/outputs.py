"""What the cells of a notebook that was run have told: printed, and in panels."""


def words_of(outputs):
    """Return the text of outputs, as a terminal would show it."""
    return "".join(map(text_of, outputs))


def text_of(output):
    """Return what an output says: what was printed, or the words beside what is shown."""
    if output.output_type == "stream":
        return output.text
    words = output.get("data", {}).get("text/plain", "")
    return f"{words}\n" if words else ""


def has_picture(output):
    """Whether an output is a figure of the course."""
    return output.get("data", {}).get("text/html", "").startswith("<img alt=")

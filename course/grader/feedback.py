"""The pages that students get back."""

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader import gradebooks
from grader.one_student import Job


def write_feedback(job: Job) -> None:
    """Write the pages of a student who has been graded in `job.work`."""
    settings = Config(job.settings)
    settings.CourseDirectory.db_url = gradebooks.url(job.work / "gradebook.db")
    for assignment in job.assignments:
        graded = job.work / "autograded" / job.hand_in.student / assignment
        if any(graded.glob("*.ipynb")):
            folders = CourseDirectory(
                config=settings, root=str(job.work), assignment_id=assignment, student_id=job.hand_in.student
            )
            GenerateFeedback(coursedir=folders, config=settings).start()

"""What a student sees first: the start page, nothing in front of it, and each part one click away.

make test-browser
"""

from lungseg_course.engine.exercises import NOTEBOOKS
from lungseg_course.updating.copies import update
from student_page import Page


def test_the_start_page_leads_to_the_parts(server, window, course, project):
    url, token = server
    page = Page(window, project.parent)
    window.get(f"{url}/?token={token}&reset")
    links = page.wait(lambda: page.all(".jp-MarkdownViewer td a"))
    page.photograph("start")
    assert window.current_url.split("?")[0] == f"{url}/lab/tree/my_course/Start.md"
    assert len(links) == len(NOTEBOOKS)
    assert page.all(".jp-MarkdownViewer p")[0].text.endswith(", begin here.")
    menus = [menu.text for menu in page.all(".lm-MenuBar-itemLabel")]
    assert "Kernel" in menus
    assert "Nbgrader" not in menus
    assert not page.all(".Toastify__toast"), "nothing is asked"

    links[1].click()
    page.wait(lambda: page.all(".jp-CodeCell") and page.is_idle())
    assert "UNET_architecture.ipynb" in [tab.text for tab in page.all(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")]
    page.photograph("a part")


def test_a_renamed_notebook_is_one_click_away(server, window, course, project):
    url, token = server
    page, given = Page(window, project.parent), course / NOTEBOOKS["3"]
    renamed = given.rename(given.with_name("Dice & co, my own.ipynb"))
    try:
        update(root=project)
        window.get(f"{url}/lab/tree/my_course/Start.md?token={token}&reset")
        links = page.wait(lambda: page.all(".jp-MarkdownViewer td a"))
        links[2].click()
        page.wait(lambda: page.all(".jp-CodeCell") and page.is_idle())
        assert renamed.name in [tab.text for tab in page.all(".lm-DockPanel-tabBar .lm-TabBar-tabLabel")]
        assert not given.exists(), "no blank copy beside it"
    finally:
        renamed.rename(given)

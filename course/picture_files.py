"""The pictures that notebooks show with `picture(...)`: copied from images/ into the package, with their words."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from notebooks import SourceError, read_source, shown

SHOWN = re.compile(r'\bpicture\("(\w+)"\)')
FOLDER = Path("lungseg_course", "pictures")


def packaged_pictures(root: Path, sources: Iterable[Path]) -> dict[Path, bytes]:
    """Return the files that stand in `lungseg_course/pictures`, and their content.

    Parameters
    ----------
    root : Path
        With `images/`, and the pages that show them: `README.md` and those in `docs/`. Their alternative text is taken
        over; of several for one picture the longest.
    sources : iterable of Path
        Of the notebooks.

    Raises
    ------
    SourceError
        If a picture is not there, or no page has words for it.
    """
    names = {
        name: source
        for source in sources
        for cell in read_source(source).cells
        if cell.cell_type == "code"
        for name in SHOWN.findall(cell.source)
    }
    if not names:
        return {}
    pages = [page.read_text(encoding="utf-8") for page in (root / "README.md", *sorted((root / "docs").glob("*.md")))]
    files, words = {}, {}
    for name, source in sorted(names.items()):
        picture = root / "images" / f"{name}.png"
        texts = re.findall(rf"!\[([^]]+)\]\([^)]*images/{name}\.png\)", "\n\n".join(pages))
        if not picture.is_file() or not texts:
            raise SourceError(
                f'{shown(source)}: picture("{name}") needs {shown(picture)}, and `![what it shows](images/{name}.png)` '
                "in README.md or a page of docs/."
            )
        files[root / FOLDER / picture.name] = picture.read_bytes()
        words[name] = " ".join(max(texts, key=len).split())
    text = json.dumps(words, indent=1, ensure_ascii=False) + "\n"
    return files | {root / FOLDER / "words.json": text.encode("utf-8")}

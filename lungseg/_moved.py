"""Modules that have moved: their former names go on working for one version, with a warning."""

import importlib
import importlib.machinery
import sys
import warnings
from collections.abc import Sequence
from types import ModuleType

REMOVED_IN = "0.3"
# The former name, below `lungseg`, and the module that it is now.
MODULES = {
    "agreement": "lungseg.evaluation.statistics",
    "archives": "lungseg.datasets.archives",
    "balancing": "lungseg.splits",
    "bootstrap": "lungseg.evaluation.statistics",
    "cache": "lungseg.datasets.cache",
    "calibration": "lungseg.evaluation.statistics",
    "callbacks": "lungseg.training.callbacks",
    "case_prediction": "lungseg.prediction.cases",
    "charts": "lungseg.plotting.charts",
    "cropping": "lungseg.preparation.cropping",
    "devices": "lungseg.environment",
    "dicom": "lungseg.radiographs.dicom",
    "drawing": "lungseg.plotting.overlays",
    "figures": "lungseg.plotting.figure",
    "film": "lungseg.radiographs.image",
    "gallery": "lungseg.plotting.gallery",
    "geometry": "lungseg.preparation.geometry",
    "ids": "lungseg.cases",
    "judging": "lungseg.evaluation.selection",
    "layouts": "lungseg.preparation.sources.layouts",
    "locking": "lungseg.files",
    "manifest": "lungseg.preparation.manifest",
    "mask_files": "lungseg.prediction.files",
    "mask_names": "lungseg.prediction.names",
    "mask_table": "lungseg.prediction.table",
    "measurements": "lungseg.evaluation.evaluation",
    "measuring": "lungseg.masks.measuring",
    "overlays": "lungseg.prediction.overlay",
    "pair_layers": "lungseg.augmentation.intensity",
    "network_files": "lungseg.files.networks",
    "plausibility": "lungseg.masks.plausibility",
    "postprocessing": "lungseg.masks.cleaning",
    "preparation.doubts": "lungseg.preparation.folder.doubts",
    "preparation.layouts": "lungseg.preparation.sources.layouts",
    "preparation.report": "lungseg.preparation.folder.report",
    "preprocessing": "lungseg.preparation.case",
    "quiet": "lungseg.environment",
    "reading": "lungseg.radiographs.reading",
    "report_facts": "lungseg.report.facts",
    "report_figures": "lungseg.report.figures",
    "report_numbers": "lungseg.report.numbers",
    "report_page": "lungseg.report.page",
    "report_sections": "lungseg.report.page",
    "resuming": "lungseg.training.resume",
    "run_settings": "lungseg.training.settings",
    "summary": "lungseg.evaluation.summary",
    "surface": "lungseg.evaluation.surface",
    "thresholds": "lungseg.evaluation.thresholds",
    "untrusted": "lungseg.files.untrusted",
    "warping": "lungseg.augmentation.spatial",
    # The course is a package of its own. Nothing here imports it; notebooks that were begun earlier ask for it by name.
    "teaching": "lungseg_course",
    "teaching.batches": "lungseg_course.chapters.batches",
    "teaching.blank": "lungseg_course.engine.blank",
    "teaching.carrying": "lungseg_course.handing_in.carrying",
    "teaching.chance": "lungseg_course.engine.chance",
    "teaching.chapter_1": "lungseg_course.chapters.chapter_1",
    "teaching.chapter_2": "lungseg_course.chapters.chapter_2",
    "teaching.chapter_3": "lungseg_course.chapters.chapter_3",
    "teaching.chapter_4": "lungseg_course.chapters.chapter_4",
    "teaching.chapter_5": "lungseg_course.chapters.chapter_5",
    "teaching.checking": "lungseg_course.engine.checking",
    "teaching.describing": "lungseg_course.engine.describing",
    "teaching.exercises": "lungseg_course.engine.exercises",
    "teaching.grading": "lungseg_course.grading",
    "teaching.handing": "lungseg_course.handing_in.handing",
    "teaching.helping": "lungseg_course.helping",
    "teaching.lines": "lungseg_course.engine.lines",
    "teaching.names_outside": "lungseg_course.engine.names_outside",
    "teaching.quizzing": "lungseg_course.quizzing",
    "teaching.reading_source": "lungseg_course.handing_in.reading_source",
    "teaching.record": "lungseg_course.record",
    "teaching.sources": "lungseg_course.handing_in.sources",
    "teaching.verdict": "lungseg_course.engine.verdict",
}
# Names that are elsewhere than the rest of their module, or have been renamed. A module that is there still must ask
# `find_name` in its `__getattr__`, as `lungseg.cases` and `lungseg` itself do.
NAMES = {
    "lungseg.archives": {
        "CHECKSUMS_FILE": "lungseg.datasets.checksums.CHECKSUMS_FILE",
        "DiffersFromRecord": "lungseg.datasets.checksums.DiffersFromRecord",
        "compare_checksum": "lungseg.datasets.checksums.compare_checksum",
        "record_checksum": "lungseg.datasets.checksums.record_checksum",
    },
    "lungseg.cache": {
        "install": "lungseg.datasets.cache.move_cases",
        "workshop": "lungseg.datasets.cache.staging_folder",
        "writing_to": "lungseg.datasets.cache.usable_folder",
    },
    "lungseg.cases": {
        "Split": "lungseg.splits.Split",
        "load_split": "lungseg.splits.load_split",
        "save_split": "lungseg.splits.save_split",
        "split_cases": "lungseg.splits.split_cases",
    },
    "lungseg.charts": {"plot_history": "lungseg.plotting.history.plot_history"},
    "lungseg.drawing": {"dice_of": "lungseg.masks.overlap.dice_of"},
    "lungseg.film": {"Film": "lungseg.radiographs.image.RadiographImage"},
    "lungseg.judging": {"cases_to_judge": "lungseg.evaluation.selection.select_cases"},
    "lungseg.locking": {"alone_in": "lungseg.files.folder_lock"},
    "lungseg.measurements": {"Measurements": "lungseg.evaluation.evaluation.Evaluation"},
    "lungseg.overlays": {"ORANGE": "lungseg.masks.outline.ORANGE"},
    "lungseg.radiographs.reading": {"read_mask": "lungseg.radiographs.masks.read_mask"},
    "lungseg.reading": {
        "read_film": "lungseg.radiographs.reading.read_radiograph",
        "read_mask": "lungseg.radiographs.masks.read_mask",
    },
    "lungseg.teaching.checking": {"check": "lungseg_course.checking.check"},
}


def warn(former: str, now: str, stacklevel: int) -> None:
    """Say what to write in place of a former name, at the line that uses it."""
    message = f"{former} is now {now}. The former name goes with version {REMOVED_IN}: please change this line."
    warnings.warn(message, FutureWarning, stacklevel=stacklevel)


def find_name(module: str, name: str) -> object:
    """Return what a module held before it moved elsewhere; for the `__getattr__` of that module.

    Raises
    ------
    AttributeError
        If the module never held it.
    """
    if name not in NAMES.get(module, {}):
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    now = NAMES[module][name]
    warn(f"{module}.{name}", now, stacklevel=4)  # above `warn`, this function and `__getattr__`
    home, _, name = now.rpartition(".")
    return getattr(importlib.import_module(home), name)


class _FormerModules:  # not from importlib.abc, which would take most of the time of `import lungseg`
    """Asked for a module of `lungseg` that is in none of its folders: makes one that has all that the new one has."""

    def __init__(self, place: str):
        self.place = place

    def find_spec(self, name: str, target: object = None) -> importlib.machinery.ModuleSpec | None:
        _, _, former = name.partition(".")
        if former not in MODULES:
            return None
        spec = importlib.machinery.ModuleSpec(name, self)  # type: ignore[arg-type]
        if former == "teaching":
            spec.submodule_search_locations = [self.place]
        return spec

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None  # an empty module, as usual

    def exec_module(self, module: ModuleType) -> None:
        now = MODULES[module.__name__.partition(".")[2]]
        warn(module.__name__, now, stacklevel=3)  # above `warn` and this; Python skips its own
        found = importlib.import_module(now)
        elsewhere = NAMES.get(module.__name__, {})

        def find(name: str) -> object:
            return find_name(module.__name__, name) if name in elsewhere else getattr(found, name)

        public = getattr(found, "__all__", [name for name in vars(found) if not name.startswith("_")])
        vars(module).update(__getattr__=find, __all__=public)


def with_former_names(path: Sequence[str]) -> list[str]:
    """Return the path of the package with one place more, where Python finds the modules under their former names.

    It is no folder, but where Python keeps what looks into a folder, it keeps for this one what makes these modules. So
    nothing but the import of a module of `lungseg` that is in no folder ever asks it, and no list of modules shows it.

    Parameters
    ----------
    path : sequence of str
        `__path__` of the package.
    """
    place = f"{path[0]}/former names"
    sys.path_importer_cache[place] = _FormerModules(place)
    return [*path, place]

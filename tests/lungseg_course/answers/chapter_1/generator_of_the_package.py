"""Exercise 1.3, answers that are the class of the package, inherit from it or have one inside."""

import lungseg
from answers import Answers
from answers.chapter_1.generator_given import Given
from lungseg.generator import DataGenerator as PackageGenerator

answers = Answers("1.3")
wrong = answers.wrong("the package's answer, not yours", 0)

wrong(PackageGenerator)


@wrong
class Renamed(PackageGenerator):
    """A class of one's own with nothing of one's own in it."""


@wrong
class OneMethod(PackageGenerator):
    def __len__(self):
        return -(-len(self.cases) // self.batch_size)


@wrong
class Around(Given):
    def __init__(self, cases, *settings, **more):
        super().__init__(cases, *settings, **more)
        self.inside = lungseg.DataGenerator(cases, *settings, **more)

    def __getitem__(self, index):
        return self.inside[index]

    def on_epoch_end(self):
        self.inside.on_epoch_end()

"""Notebook 6: what to say to each answer of its questions."""

from lungseg_course.engine.exercises import Question

QUESTIONS = (
    Question(
        "6.1",
        right="c",
        feedback={
            "a": "The cases are the same each time: the split is fixed. Only the seed of the training is another.",
            "b": "On a processor the rounding is the same each time. With the same seed you get the same network.",
            "c": "The seed draws the first weights, the order of the cases and what dropout leaves out. Each training "
            "ends in another network, a little better or a little worse. Whoever trains once per variant compares two "
            "draws.",
            "d": "It is no fault. Training is a search that starts at a random place, and no two of them end at the "
            "same.",
        },
    ),
    Question(
        "6.2",
        right="b",
        feedback={
            "a": 'Zero lies in the interval, so chance alone may have made the difference. "Better" is more than it '
            "shows.",
            "b": "It may be worth nothing, or up to 0.012. More seeds would make the interval narrower; until then the "
            'honest sentence is "we saw no difference beyond chance".',
            "c": "That would be a finding of its own: it needs an interval that is narrow and lies close to zero. This "
            "one reaches up to 0.012, which would be well worth having.",
            "d": "Nothing is wrong with it. Most differences between two reasonable networks look like this.",
        },
    ),
    Question(
        "6.3",
        right="a",
        feedback={
            "a": "An interval of 95 % misses in one of twenty cases. Of twenty settings that do nothing at all, one "
            "looks like a finding. Train that one once more, with new seeds: if it was chance, it will not come again.",
            "b": "So it looks, and that is the trap: of twenty tries that do nothing, about one is beyond chance.",
            "c": "They need not be useless: an interval that holds zero is no proof of no effect.",
            "d": "The more you try, the more often chance looks like a finding. Twenty more would bring one more.",
        },
    ),
    Question(
        "6.4",
        right="d",
        feedback={
            "a": "It was found with small images, few cases and few steps. With others it may be another: with more "
            "data, augmentation and dropout are worth less, for example.",
            "b": "Nobody has tried it there. Other organs have other sizes and edges.",
            "c": "The test cases would make the number more exact, not the claim more general.",
            "d": "An experiment says what happened under its conditions. Say them with the result: the cases, the "
            "size, the steps, the seeds. Then try the one that matters at full size, before you rely on it.",
        },
    ),
)

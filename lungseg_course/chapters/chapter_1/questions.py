"""Notebook 1, the data generator: what to say to each answer of its questions."""

from lungseg_course.engine.exercises import Question

QUESTIONS = (
    Question(
        number="1.1",
        right="c",
        feedback={
            "a": "That would be one byte for each number, as in an 8-bit picture. `float64` takes 64 bits, 8 bytes.",
            "b": "That is the array in `float32`, as in the table above. NumPy makes `float64` unless told otherwise.",
            "c": "8 bytes for each number: 704 · 2048 · 2048 · 2 · 8 / 10⁹ = 47.2. It is wise to name the type: "
            "`np.zeros(shape, dtype='float32')`.",
            "d": "That is two copies of the `float64` array. It may come to this while `np.stack` copies a list, "
            "but the array itself takes half of it.",
        },
    ),
    Question(
        number="1.2",
        right="b",
        feedback={
            "a": "Keras counts the cases along the first axis, and PyTorch's habit of channels before the pixels is "
            "not its own.",
            "b": "Batch, height, width, channels. 300 cases in batches of 8 make 37 full ones, and a last one of 4. "
            "Only the number of cases may differ.",
            "c": "The last batch holds what is left, and that is often fewer: 300 cases in batches of 8 leave 4.",
            "d": "Within a batch they cannot differ, or the cases could not be stacked. And all the cases of this "
            "course have been brought to one size.",
        },
    ),
    Question(
        number="1.3",
        right="d",
        feedback={
            "a": "Then batch 1 would be cut from another order than batch 0: some cases would come twice in an "
            "epoch, others not at all.",
            "b": "Once is not enough: each epoch would have the same batches in the same order.",
            "c": "That would show the network its cases once, in the order of the list, for the whole first epoch. "
            "And `__len__` is called at odd moments, perhaps several times in an epoch.",
            "d": "When the generator is made, for the first epoch, and in `on_epoch_end` for each one after it. "
            "Within an epoch the order stands still.",
        },
    ),
    Question(
        number="1.4",
        right="a",
        feedback={
            "a": "A step of the training follows from a batch. New mixtures make new steps, and no case has the last "
            "word in every epoch.",
            "b": "The number of cases stays the same. To make more of them is the task of augmentation.",
            "c": "The time it takes to read a case does not depend on its place in the order.",
            "d": "The generator cannot know what the validation set is. That it holds other cases is settled before, "
            "by the split.",
        },
    ),
    Question(
        number="1.5",
        right="b",
        feedback={
            "a": "For validation and test the order has no use: the score is the same, and the predictions would "
            "come under the wrong names.",
            "b": "Training alone learns from the order. Validation and test only look, and there each prediction "
            "must be found again under the name of its case.",
            "c": "It is the other way round: the training needs new mixtures, the test needs its order.",
            "d": "Without shuffling the training repeats the same steps in each epoch. If the cases are sorted by "
            "hospital, whole batches even come from one of them.",
        },
    ),
    Question(
        number="1.6",
        right="c",
        feedback={
            "a": "Nothing crashes. Keras believes the length and asks for no more batches than that.",
            "b": "Keras does not come back for them: the epoch ends with the last batch that `__len__` counts.",
            "c": "With shuffling other cases are lost in each epoch. In a test, without shuffling, always the same "
            "ones, and there are fewer predictions than names.",
            "d": "The batches before it are as they were. `__getitem__` decides what is in a batch, `__len__` how many "
            "are asked for.",
        },
    ),
)

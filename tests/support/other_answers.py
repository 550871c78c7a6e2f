"""Right answers to all that must be done, by a student who thinks differently: number → the text of the cell."""

ANSWERS = {
    "1.1": """\
import math

def array_gigabytes(count, size, channels=2, bytes_per_number=4):
    return math.prod([count, size, size, channels]) * bytes_per_number * 1e-9
""",
    "1.2": """\
def read_batch(paths):
    images, masks = [], []
    for path in paths:
        case = load_case(path)
        images.append(case[:, :, 0])
        masks.append(case[:, :, 1])
    return np.expand_dims(np.array(images), -1), np.expand_dims(np.array(masks), -1)
""",
    "1.3": """\
class DataGenerator(keras.utils.PyDataset):
    def __init__(self, cases, batch_size=8, shuffle=True, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.cases = tuple(cases)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.random = np.random.RandomState(seed)
        self.playlist = list(self.cases)
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.cases) // self.batch_size)

    def __getitem__(self, index):
        first = self.batch_size * index
        last = min(first + self.batch_size, len(self.playlist))
        return read_batch(self.playlist[first:last])

    def on_epoch_end(self):
        if self.shuffle:
            self.playlist = [self.cases[i] for i in self.random.permutation(len(self.cases))]
""",
    "2.1": """\
@keras.saving.register_keras_serializable("another")
class Join(layers.Layer):
    def call(self, tensors):
        return keras.ops.concatenate(tensors, axis=3)

def decoder_block(x, skip, filters, dropout=0.0):
    larger = layers.Conv2DTranspose(filters, kernel_size=(3, 3), strides=(2, 2), padding="same")(x)
    y = Join()([skip, larger])
    for _ in range(2):
        y = layers.Conv2D(filters, (3, 3), padding="same", use_bias=False)(y)
        y = layers.BatchNormalization(momentum=0.9)(y)
        y = layers.Activation("relu")(y)
    if dropout:
        y = layers.SpatialDropout2D(rate=dropout)(y)
    return y
""",
    "2.2": """\
def build_unet(input_shape, filters=16, depth=4, dropout=0.1):
    image = layers.Input(shape=input_shape, name="radiograph")
    ways = [encoder_block(image, filters, strides=1, dropout=dropout)]
    widths = [filters * 2**level for level in range(depth + 1)]
    for width in widths[1:]:
        ways.append(encoder_block(ways[-1], width, dropout=dropout))

    def climb(x, level):
        if level == 0:
            return x
        return climb(decoder_block(x, ways[level - 1], widths[level - 1], dropout), level - 1)

    top = climb(ways[-1], depth)
    score = layers.Conv2D(1, 3, padding="same", name="score")(top)
    return keras.Model(image, layers.Activation("sigmoid", name="lung_or_not")(score), name="another_unet")
""",
    "3.1": """\
def dice_coefficient(y_true, y_pred, smooth=1.0):
    truth, guess = (ops.reshape(ops.cast(mask, "float32"), (ops.shape(mask)[0], -1)) for mask in (y_true, y_pred))
    common = ops.einsum("bp,bp->b", truth, guess)
    return (common + common + smooth) / (ops.sum(truth + guess, axis=-1) + smooth)
""",
    "3.2": """\
def dice_loss(y_true, y_pred):
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    total = ops.sum(y_true + y_pred, axis=(1, 2, 3))
    apart = total - 2 * ops.sum(y_true * y_pred, axis=(1, 2, 3))
    return apart / (total + 1)
""",
    "3.3": """\
class Dice(keras.metrics.Metric):
    def __init__(self, threshold=0.5, name="dice", **kwargs):
        super().__init__(name=name, **kwargs)
        self.threshold = threshold
        self.of_all = self.add_weight(name="of_all", initializer="zeros")
        self.images = self.add_weight(name="images", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        cut = ops.where(y_pred < self.threshold, 0.0, 1.0)
        values = dice_coefficient(y_true, cut, 1e-4)
        weights = ops.ones_like(values) if sample_weight is None else ops.cast(sample_weight, "float32")
        weights = ops.broadcast_to(ops.reshape(weights, (-1,)), ops.shape(values))
        self.of_all.assign_add(ops.sum(values * weights))
        self.images.assign_add(ops.sum(weights))

    def result(self):
        return ops.divide_no_nan(self.of_all, self.images)

    def get_config(self):
        config = super().get_config()
        config.update(threshold=self.threshold)
        return config
""",
    "3.4": """\
def jaccard_from_dice(dice):
    return 1 / (2 / np.maximum(dice, 1e-30) - 1)
""",
    "4.1": """\
def split_names(names, seed, shares=(0.71, 0.13, 0.16)):
    from sklearn.model_selection import train_test_split

    rest, test = train_test_split(sorted(names), test_size=round(shares[2] * len(names)), random_state=seed)
    n_validation = round(shares[1] * len(names))
    train, validation = train_test_split(rest, test_size=n_validation, random_state=seed + 1)
    return train, validation, test
""",
    "4.2": """\
def make_generators(split, batch_size, seed):
    pairs = ((split.train, True), (split.validation, False))
    return tuple(DataGenerator(cases, batch_size=batch_size, shuffle=mix, seed=seed) for cases, mix in pairs)
""",
    "4.3": """\
def compile_model(model, learning_rate, loss, metrics):
    adam = keras.optimizers.Adam()
    adam.learning_rate = learning_rate
    settings = dict(optimizer=adam, loss=loss, metrics=list(metrics))
    model.compile(**settings)
    return model
""",
    "4.4": """\
def make_callbacks(run_folder):
    from keras.callbacks import CSVLogger, EarlyStopping, ModelCheckpoint, ReduceLROnPlateau

    return [
        EarlyStopping("val_dice", patience=6, mode="max", restore_best_weights=True),
        ReduceLROnPlateau("val_dice", factor=0.3, patience=2, mode="max", min_delta=5e-4, min_lr=1e-6),
        ModelCheckpoint(str(run_folder / "best.keras"), monitor="val_dice", mode="max", save_best_only=True),
        CSVLogger(str(run_folder / "history.csv"), append=False),
    ]
""",
    "4.5": """\
def run_training(model, training, validation, epochs, callbacks):
    arguments = dict(validation_data=validation, epochs=epochs, callbacks=callbacks, shuffle=False, verbose=0)
    model.fit(training, **arguments)
    return model.history
""",
    "5.1": """\
def predict_probability(model, image):
    batch = np.reshape(image, (1, *image.shape, 1))
    return np.squeeze(keras_numbers(model(batch, training=False)), axis=(0, 3))

def keras_numbers(tensor):
    return np.array(tensor)
""",
    "5.2": """\
def mean_dice(table):
    return sum(table.dice) / len(table)

def pooled_f1(table):
    sums = table[["tp", "fp", "fn"]].sum()
    precision = sums.tp / (sums.tp + sums.fp)
    recall = sums.tp / (sums.tp + sums.fn)
    return 2 / (1 / precision + 1 / recall)
""",
    "5.3": """\
import pandas as pd

def by_group(table):
    rows = {}
    for key in sorted(set(zip(table.source, table.diagnosis))):
        dice = table.dice[(table.source == key[0]) & (table.diagnosis == key[1])]
        rows[key] = {"cases": len(dice), "dice": dice.mean(), "worst": dice.min()}
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = frame.index.set_names(["source", "diagnosis"])
    return frame
""",
    "5.4": """\
def keep_largest(mask, count=2):
    from skimage.measure import label, regionprops

    parts = label(mask, connectivity=2)
    kept = np.zeros(mask.shape, bool)
    for part in sorted(regionprops(parts), key=lambda part: part.area)[::-1][:count]:
        kept[parts == part.label] = True
    return kept
""",
}

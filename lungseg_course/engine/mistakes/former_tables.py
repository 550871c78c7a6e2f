"""The names of another time or place. See `name_family` for what a row means."""

from lungseg_course.engine.mistakes.former_keras import KERAS, TENSORFLOW
from lungseg_course.engine.mistakes.name_family import PYTORCH, Family

MATLAB = "MATLAB or R"
TENSORS = r"ndarray|\w*Tensor|Array|ResourceVariable|Variable|float\d*|int\d*"
GENERATOR = "Give it to the generator in place of `fit`: `super().__init__(workers=...)` in its `__init__`."
BATCHES = "A generator of batches goes to `fit`, `predict` and `evaluate` as it is."

ARGUMENTS = (
    Family("Keras 2", """
        border_mode padding
        nb_epoch epochs
        subsample strides
        init kernel_initializer
        nb_filter filters
        nb_row/nb_col Write both in one: `kernel_size=(3, 3)`.
        W_regularizer kernel_regularizer
        b_regularizer bias_regularizer
        W_constraint kernel_constraint
        dim_ordering data_format
        nb_val_samples validation_steps
        samples_per_epoch/nb_batch_per_epoch steps_per_epoch
        atrous_rate dilation_rate
        concat_axis axis
        output_dim units
        show_accuracy Ask for it when compiling: `metrics=["accuracy"]`.
    """),
    Family("Keras 2.3", """
        lr learning_rate
        reduction_indices axis
    """),
    Family("Keras 3", """
        workers/use_multiprocessing/max_queue_size """ + GENERATOR + """
        max_q_size/nb_worker/pickle_safe """ + GENERATOR + """
        batch_input_shape Write `keras.Input(shape, batch_size=...)` as the first layer.
        period Leave it out: without `save_freq`, a checkpoint looks at the end of each epoch.
    """),
    Family("TensorFlow 2", """
        keep_dims keepdims
        reduction_indices axis
    """),
    Family("NumPy 1.24", "normed density"),
    Family("pandas 2.0", """
        error_bad_lines on_bad_lines
        line_terminator lineterminator
    """),
    Family("scikit-image 0.19", """
        multichannel Say which axis holds the channels: `channel_axis=-1`.
        selem footprint
    """),
    Family(PYTORCH, """
        dim axis
        keepdim keepdims
        in_channels Leave it out: a layer of Keras counts the channels that come in by itself.
        out_channels filters
        stride strides
        dilation dilation_rate
        bias use_bias
        num_features Leave it out: `layers.BatchNormalization()` counts the channels by itself.
        in_features Leave it out: a layer of Keras counts what comes in by itself.
        out_features units
        inplace Leave it out: a layer of Keras returns a new tensor.
        scale_factor size
        num_workers workers
        eps epsilon
        device Leave it out: Keras chooses the device by itself.
        requires_grad Leave it out: what Keras trains, it differentiates by itself.
    """, foreign=True),
)  # fmt: skip

NAMES = (
    Family("Keras 3", "K keras.ops"),
    Family("Python 3", """
        xrange range
        unicode/basestring str
        long int
        unichr chr
        raw_input Leave it out: nobody answers while the code is checked.
        reduce Import it: `from functools import reduce`.
        izip zip
        imap map
        cmp Subtract, or compare with `<` and `>`.
        execfile Import the file in place of running it.
    """),
    Family(MATLAB, """
        size Ask the array: `x.shape` has its lengths, `x.size` the number of its elements.
        numel Ask the array: `x.size`.
        length len
        ndims Ask the array: `x.ndim`.
        isempty Ask for the number of elements: `x.size == 0`.
        nrow Ask the array: `x.shape[0]`.
        ncol Ask the array: `x.shape[1]`.
        disp/fprintf/cat print
        rand Make random numbers with the generator that you are given: `rng.random(...)`.
        randn Make random numbers with the generator that you are given: `rng.normal(size=...)`.
        randperm Make random numbers with the generator that you are given: `rng.permutation(n)`.
        find np.flatnonzero
        mod/rem Write `a % b`.
        c Write a list: `[1, 2]`.
        seq np.arange
        rep np.repeat
        paste Write an f-string: `f"{a} {b}"`.
        numeric float
        strcat Write an f-string: `f"{a}{b}"`.
    """, foreign=True, called=True),
    Family(f"{MATLAB} or JavaScript", """
        true/TRUE True
        false/FALSE False
        null/NULL/nil/undefined None
        NaN/NA np.nan
        Inf np.inf
        parseInt int
        parseFloat float
        console print
        Math math
    """, foreign=True),
)  # fmt: skip

MODULES = (
    Family("scikit-learn 0.18", """
        sklearn.cross_validation/sklearn.grid_search sklearn.model_selection
    """),
    Family("scikit-learn 0.21", "sklearn.externals.joblib/sklearn.externals joblib"),
    Family("SciPy 1.2", "scipy.misc skimage.io.imread reads an image, and skimage.transform.resize changes its size."),
    Family("scikit-image 0.11", "skimage.filter skimage.filters"),
    Family("Keras 2", """
        keras.objectives keras.losses
        keras.utils.np_utils keras.utils
    """),
    Family("Keras 3", """
        keras.engine/keras.engine.topology keras
        keras.layers.convolutional/keras.layers.core/keras.layers.merge/keras.layers.normalization keras.layers
        keras.layers.pooling/keras.layers.advanced_activations keras.layers
        keras.preprocessing.image/keras.utils.data_utils keras.utils
        tensorflow.python.keras keras
    """),
    Family("TensorFlow 2", "tensorflow.contrib Leave it out: its parts have become libraries of their own."),
    Family("Python 3", """
        cPickle pickle
        Queue queue
        StringIO/cStringIO io
        urllib2 urllib.request
        ConfigParser configparser
        itertools.izip zip
    """),
)  # fmt: skip

NUMPY = (
    Family("NumPy 1.24", """
        float float
        int int
        bool bool
        object object
        str/unicode str
        complex complex
        long int
    """, owner="numpy|np"),
    Family("NumPy 1.23", "asscalar Write `x.item()`.", owner="numpy|np"),
    Family("NumPy 1.18", "rank np.ndim", owner="numpy|np"),
    Family("NumPy 2", """
        float_ np.float64
        complex_ np.complex128
        unicode_ np.str_
        string_ np.bytes_
        bool8 np.bool_
        NaN/NAN np.nan
        Inf/Infinity/infty/PINF np.inf
        NINF Write `-np.inf`.
        product np.prod
        cumproduct np.cumprod
        sometrue np.any
        alltrue np.all
        in1d np.isin
        trapz np.trapezoid
        asfarray Write `np.asarray(x, dtype=float)`.
        round_ np.round
        msort Write `np.sort(x, axis=0)`.
        find_common_type np.result_type
        mat np.asmatrix
    """, owner="numpy|np"),
    Family(PYTORCH, """
        permute np.transpose
        cat np.concatenate
        unsqueeze np.expand_dims
        view np.reshape
        tensor/Tensor np.array
        sigmoid Write it out, `1 / (1 + np.exp(-x))`, or use `keras.ops.sigmoid`.
        relu Write `np.maximum(x, 0)`, or use `keras.ops.relu`.
        softmax keras.ops.softmax
        rand rng.random
        randn rng.normal
        manual_seed np.random.default_rng
        no_grad Leave it out: NumPy keeps track of no gradient.
        numel np.size
    """, owner="numpy|np", foreign=True),
    Family("MATLAB", """
        length/numel Ask the array: `len(x)` or `x.size`.
        randint np.random.randint
    """, owner="numpy|np", foreign=True),
    Family("NumPy's older random numbers", """
        randint rng.integers
        rand/random_sample rng.random
        randn rng.normal
        seed Give the seed when you make it: `np.random.default_rng(seed)`.
        random_integers rng.integers
    """, owner="Generator", foreign=True),
    Family("NumPy", """
        rand random.random
        randn random.gauss
        permutation Take the generator of NumPy that you are given: `rng.permutation(...)`.
        integers random.randrange
        normal random.gauss
        default_rng np.random.default_rng
    """, owner="random", foreign=True),
)  # fmt: skip

VALUES = (
    Family(PYTORCH, """
        permute Write `np.transpose(x, axes)`; of a tensor, `keras.ops.transpose`.
        unsqueeze Write `np.expand_dims(x, axis)`; of a tensor, `keras.ops.expand_dims`.
        view Write `np.reshape(x, shape)`; of a tensor, `keras.ops.reshape`.
        cuda/cpu/to/detach/contiguous Leave it out: Keras chooses the device by itself, and keeps arrays as they are.
        numpy It is an array already: leave `.numpy()` out.
        clone Write `x.copy()`.
        numel Ask the array: `x.size`.
        dim Ask the array: `x.ndim`.
        float Write `x.astype("float32")`; of a tensor, `keras.ops.cast`.
        double Write `x.astype("float64")`; of a tensor, `keras.ops.cast`.
        long/int Write `x.astype("int64")`; of a tensor, `keras.ops.cast`.
        backward/requires_grad Leave it out: `fit` finds the gradient by itself.
        sigmoid keras.ops.sigmoid
        clamp Write `np.clip(x, low, high)`; of a tensor, `keras.ops.clip`.
    """, owner=TENSORS, foreign=True),
    Family("TensorFlow 1", """
        get_shape Ask the tensor: `x.shape`.
        eval/run Leave it out: operations give their results at once.
    """, owner=TENSORS, foreign=True),
    Family("pandas 2.0", """
        append Write `pd.concat([a, b])`.
        iteritems items
    """, owner="DataFrame|Series"),
    Family("pandas 1.0", """
        ix Write `.loc` for labels, `.iloc` for places.
        as_matrix to_numpy
    """, owner="DataFrame|Series"),
    Family("pandas 0.20", "sort sort_values", owner="DataFrame|Series"),
    Family("pandas 1.0", "Panel A table has two axes: take a DataFrame, or an array of NumPy.", owner="pandas"),
    Family("pandas 2.0", """
        np numpy
        datetime Import it: `import datetime`.
    """, owner="pandas"),
    Family("Python 3", """
        has_key Write `key in d`.
        iteritems items
        itervalues values
        iterkeys keys
    """, owner=r"\w*[dD]ict|Counter"),
    Family("Python 3", "decode Leave it out: text is Unicode already.", owner="str"),
    Family("Java or JavaScript", """
        length/size len(x)
        push/add append
    """, owner=r"list|str|tuple|dict|set|ndarray|\w*Tensor", foreign=True),
    Family("NumPy", """
        shape/ndim/reshape/astype/mean/sum/min/max Make an array of the list first: `np.array(x)`.
    """, owner="list|tuple", foreign=True),
    Family("Python 3.8", "clock Write `time.perf_counter()`.", owner="time"),
    Family("Python 3.10", "Iterable/Mapping/Sequence/Callable Take it from `collections.abc`.", owner="collections"),
    Family("Python 3", "izip/imap zip", owner="itertools"),
    Family("scikit-image 0.16", """
        compare_ssim skimage.metrics.structural_similarity
        compare_psnr skimage.metrics.peak_signal_noise_ratio
        compare_mse skimage.metrics.mean_squared_error
    """, owner="measure"),
    Family("scikit-image 0.17", "circle skimage.draw.disk", owner="draw"),
    Family("SciPy 1.2", """
        imread skimage.io.imread
        imresize skimage.transform.resize
        imsave skimage.io.imsave
        imrotate skimage.transform.rotate
    """, owner="misc"),
    Family("scikit-learn 0.21", "jaccard_similarity_score jaccard_score", owner="metrics"),
    Family("Pillow 10", "ANTIALIAS Image.LANCZOS", owner="Image"),
    Family("Matplotlib 3.9", "get_cmap matplotlib.colormaps", owner="cm"),
)  # fmt: skip

FAMILIES = {
    "argument": ARGUMENTS,
    "name": NAMES,
    "module": MODULES,
    "attribute": (*NUMPY, *TENSORFLOW, *KERAS, *VALUES),
}

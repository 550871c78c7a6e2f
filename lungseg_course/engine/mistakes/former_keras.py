"""Names of older Keras and TensorFlow, and of PyTorch, that are looked for in modules and objects of Keras."""

from lungseg_course.engine.mistakes.name_family import PYTORCH, Family

MODELS = "Functional|Sequential|Model|UNet"
LAYERS = r"Conv2D|Conv2DTranspose|\w*Dropout\w*|BatchNormalization|Activation|Concatenate|Dense|InputLayer"

TENSORFLOW = (
    Family("TensorFlow 2", """
        Session/InteractiveSession Leave it out: operations give their results at once.
        placeholder keras.Input
        global_variables_initializer/initialize_all_variables Leave it out: variables begin with their values.
        get_variable/variable_scope A layer keeps its own variables: `self.add_weight(...)`.
        ConfigProto/GPUOptions Leave it out: Keras chooses the device by itself.
        contrib Leave it out: its parts have become libraries of their own.
        layers keras.layers
        log keras.ops.log
        to_float Write `keras.ops.cast(x, "float32")`.
        to_int32 Write `keras.ops.cast(x, "int32")`.
        div keras.ops.divide
        mul keras.ops.multiply
        sub keras.ops.subtract
        neg keras.ops.negative
        ceil keras.ops.ceil
        mod keras.ops.mod
        is_nan keras.ops.isnan
        count_nonzero keras.ops.count_nonzero
        pack keras.ops.stack
        unpack keras.ops.unstack
        select keras.ops.where
        batch_matmul keras.ops.matmul
        random_normal keras.random.normal
        random_uniform keras.random.uniform
        set_random_seed keras.utils.set_random_seed
        reset_default_graph keras.utils.clear_session
        read_file Write `tf.io.read_file`.
        app/flags Leave it out: a notebook has no arguments.
    """, owner="tensorflow"),
    Family("TensorFlow 2", """
        AdamOptimizer keras.optimizers.Adam
        GradientDescentOptimizer keras.optimizers.SGD
        MomentumOptimizer Write `keras.optimizers.SGD(momentum=0.9)`.
        RMSPropOptimizer keras.optimizers.RMSprop
        AdagradOptimizer keras.optimizers.Adagrad
        Saver Write `model.save("name.keras")`.
    """, owner="train"),
    Family("TensorFlow 2", """
        resize_images/resize_bilinear/resize_nearest_neighbor keras.ops.image.resize
    """, owner="image"),
)  # fmt: skip

KERAS = (
    Family("Keras 2", """
        merge/Merge Write `layers.Concatenate()([a, b])` to join channels, or `layers.Add()([a, b])` for a sum.
        Deconvolution2D layers.Conv2DTranspose
        AtrousConvolution2D Write `layers.Conv2D(..., dilation_rate=...)`.
        MaxoutDense/Highway Build it of `layers.Dense`.
    """, owner="layers"),
    Family("Keras 3", """
        experimental Leave `experimental` out: these layers are in `keras.layers` itself.
        CuDNNLSTM layers.LSTM
        CuDNNGRU layers.GRU
        convolutional/core/normalization/pooling/advanced_activations/preprocessing keras.layers
    """, owner="layers"),
    Family(PYTORCH, """
        Conv2d layers.Conv2D
        ConvTranspose2d layers.Conv2DTranspose
        BatchNorm2d layers.BatchNormalization
        MaxPool2d layers.MaxPooling2D
        Dropout2d layers.SpatialDropout2D
        Upsample/UpsamplingNearest2d layers.UpSampling2D
        Linear layers.Dense
        Module layers.Layer
        cat layers.Concatenate
    """, owner="layers|keras", foreign=True),
    Family("Keras 3", """
        flatten Write `keras.ops.reshape(x, (-1,))`.
        batch_flatten Write `keras.ops.reshape(x, (len(x), -1))`.
        int_shape Ask the tensor: `x.shape`.
        ndim Ask the tensor: `len(x.shape)`.
        dot keras.ops.matmul
        pow keras.ops.power
        permute_dimensions keras.ops.transpose
        gather keras.ops.take
        placeholder keras.Input
        variable keras.Variable
        get_value/eval keras.ops.convert_to_numpy
        constant keras.ops.convert_to_tensor
        random_normal keras.random.normal
        random_uniform keras.random.uniform
        learning_phase/set_learning_phase Ask the argument `training` of `call`.
        get_session/set_session Leave it out: operations give their results at once.
        switch keras.ops.where
        resize_images keras.ops.image.resize
        repeat_elements keras.ops.repeat
    """, owner="backend"),
    Family("Keras 3", """
        fit_generator fit
        predict_generator predict
        evaluate_generator evaluate
        uses_learning_phase Ask the argument `training` of `call`.
    """, owner=MODELS),
    Family("Keras 2.6", """
        predict_classes Write `np.argmax(model.predict(x), axis=-1)`; for a sigmoid, `model.predict(x) > 0.5`.
        predict_proba predict
    """, owner=MODELS),
    Family(PYTORCH, """
        parameters Write `model.trainable_variables`.
        state_dict Write `model.get_weights()`.
        load_state_dict Write `model.set_weights(...)`.
        eval/train Leave it out: `fit` trains, and `predict` does not. A call takes `training=False`.
        zero_grad/backward Leave it out: `fit` does all of it.
        forward Call the network itself: `model(x)`.
        cuda/to/cpu Leave it out: Keras chooses the device by itself.
    """, owner=MODELS, foreign=True),
    Family("Keras 3", """
        output_shape Ask the tensor that comes out: `layer.output.shape`.
        input_shape Ask the tensor that goes in: `layer.input.shape`.
        get_output_at Write `layer.output`.
        get_output_shape_at Write `layer.output.shape`.
    """, owner=LAYERS),
    Family("Keras 2.3", "lr learning_rate", owner="Adam|AdamW|SGD|RMSprop|Nadam|Adagrad"),
    Family("Keras 3", """
        adam keras.optimizers.Adam
        sgd keras.optimizers.SGD
        legacy/experimental Leave it out: write `keras.optimizers.Adam`.
    """, owner="optimizers"),
    Family("Keras 3", "reset_states reset_state", owner=r"super|Mean|Metric|Dice|\w*Metric"),
    Family("Keras 3", """
        np_utils keras.utils
        multi_gpu_model Leave it out: Keras chooses the device by itself.
        HDF5Matrix Read the file with h5py.
    """, owner="utils"),
    Family("Keras 3", "ImageDataGenerator Use a generator of your own, such as `DataGenerator`.", owner="image"),
    Family("Keras 2", "objectives keras.losses", owner="keras"),
    Family("Keras 3", """
        engine keras
        experimental Leave `experimental` out.
    """, owner="keras"),
    Family(PYTORCH, """
        CrossEntropyLoss keras.losses.CategoricalCrossentropy
        BCELoss/BCEWithLogitsLoss keras.losses.BinaryCrossentropy
        MSELoss keras.losses.MeanSquaredError
        L1Loss keras.losses.MeanAbsoluteError
    """, owner="losses", foreign=True),
    Family(PYTORCH, """
        cat keras.ops.concatenate
        unsqueeze keras.ops.expand_dims
        permute keras.ops.transpose
        clamp keras.ops.clip
        tensor keras.ops.convert_to_tensor
        float/to Write `keras.ops.cast(x, "float32")`.
        numel keras.ops.size
    """, owner="ops", foreign=True),
    Family("NumPy", """
        astype keras.ops.cast
        asarray keras.ops.convert_to_tensor
    """, owner="ops", foreign=True),
)  # fmt: skip

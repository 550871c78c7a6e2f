# %% [markdown] id="3d71a5e1f012"
# # 2. The architecture of the U-Net
#
# Part 2 of 6. Lung segmentation on chest X-rays: data → **network** → loss → training → prediction → experiments.
#
# A segmentation network gets an image and answers, for *each pixel*, with the probability that it is lung. The U-Net
# does this in two movements: a **compression path**, which looks at the image in ever coarser steps to find out
# *what* is there, and a **decompression path**, which goes back to full size to say *where*.
#
# **You will learn to**
#
# - tell what strides and "same" padding do to the size of an image,
# - read the compression block of the course line by line,
# - write the **decompression block**, and with both of them the **whole network**,
# - count what a network has to learn, and how far it sees,
# - and, if you like, to predict images whose size cannot be halved often enough.
#
# **Time:** about an hour and a quarter. You need to know what a convolution is. At the end of it you have a network
# of your own, and notebook 4 will train it.
#
# **How to work.** Run the cells from top to bottom. Where you meet `todo()`, write your own code in its place and
# run the cell; the cell under it checks what you wrote. `check` says that it is right, or shows the first
# thing that is not: what was tried, what came out, and what to try. It looks at what your code *does*, so other ways
# than ours are as good. Stuck? `hint("2.1")` gives a hint, the second time a plainer one, up to the third; after a
# try of your own, `solution("2.1")` shows one solution. `progress()` tells how far you are.
#
# In the shapes below, $B$ is the number of images in a batch, $H \times W$ are their pixels, and $F$ is the number of
# filters: the channels that a convolution puts out.

# %% id="83553c360720"
import os

import lungseg
from lungseg.cases import list_cases
from lungseg.datasets import default_cases
from lungseg_course import check, hand_in, hint, own_or_package, picture, progress, quiz, solution, todo

FAST = os.environ.get("LUNGSEG_FAST") == "1"  # smaller and shorter, for a quick test of this notebook
if FAST:
    print("LUNGSEG_FAST=1: all is smaller and shorter here, and the numbers in the texts do not fit.")
SIZE, COUNT = (64, 48) if FAST else (128, 300)

cases = list_cases(default_cases(size=SIZE, count=COUNT))
images, masks = lungseg.DataGenerator(cases, batch_size=4, shuffle=False)[0]
SIZE = images.shape[1]  # your own cases may have another size

print("images", images.shape, " masks", masks.shape)

# %% [markdown] id="b795eb7e7836"
# ## Convolutions and the size of an image
#
# A convolution with a kernel of $3 \times 3$ looks at a pixel and its eight neighbours. At the border of the image
# some neighbours are missing, and there are two ways to deal with that:
#
# - `padding="valid"`: only pixels that have all their neighbours get a result. The image shrinks by one pixel on each
#   side.
# - `padding="same"`: a border of zeros is added first, so that the result has **the same** height and width.
#
# With a *stride* $s$ the kernel moves on by $s$ pixels at a time, and the result is smaller still. For an image of
# height $H$ and a kernel of $k \times k$:
#
# $$
# H_\text{valid} = \left\lfloor \frac{H - k}{s} \right\rfloor + 1
# \qquad
# H_\text{same} = \left\lceil \frac{H}{s} \right\rceil
# $$

# %% id="8bc7acbe2a62"
import keras
import numpy as np
from keras import layers

for padding in ("valid", "same"):
    for strides in (1, 2):
        convolution = layers.Conv2D(16, kernel_size=3, strides=strides, padding=padding)
        print(f"padding {padding:5}  stride {strides}:  {images.shape} → {convolution(images).shape}")

# %% [markdown] id="4af4f864f3a5"
# **Question 2.1.** What does `padding="same"` mean?
#
# - **a)** The result has the same height and width as the image, whatever the stride.
# - **b)** A border of zeros is added, so that the stride alone decides about the size: with stride 1 it stays the
#   same, with stride 2 it is halved, rounded up.
# - **c)** The border is filled with the same values as the pixels beside it.
# - **d)** The values at the border stay the same as they were.

# %% tags=["exercise"] nbgrader={"grade_id": "question_2_1"}
# Question 2.1
### BEGIN SOLUTION
answer_2_1 = "b"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_2_1", "points": 1}
quiz("2.1", answer_2_1)

# %% [markdown] id="0830a15c0854"
# Let us look at what a stride does, with a kernel that we choose by hand. This one answers where grey values change
# from left to right:

# %% id="91633cbb6d69"
from lungseg_course.figures import plot_strides

kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype="float32").reshape(3, 3, 1, 1)
edges = {  # stride → (1, H / stride, W / stride, 1)
    strides: keras.ops.conv(images[2:3], kernel, strides=strides, padding="same") for strides in (1, 2)
}
plot_strides(images[2], edges)

# %% [markdown] id="cd504079bdad"
# *What you see:* the image; its vertical edges, light where it gets lighter to the right and dark where it gets
# darker; and the same with stride 2. The numbers above the panels say that the last one has half the height and half
# the width, although it is drawn equally large: coarser, but the borders of the lungs are still there.
#
# In a network nobody chooses the kernels: they are *learnt*. So a strided convolution learns what to keep when the
# image is halved. (Many U-Nets halve it with max-pooling instead, which always keeps the largest of four numbers and
# has nothing to learn.)
#
# **How many numbers does a convolution learn?** A kernel of $k \times k$ for each pair of input and output channel,
# and one offset (*bias*) for each output channel:
#
# $$ (k^2 \cdot C_\text{in} + 1) \cdot C_\text{out} $$

# %% id="44dff38d47a9"
convolution = layers.Conv2D(32, kernel_size=3, padding="same")
convolution.build((None, SIZE, SIZE, 16))

print(convolution.count_params(), "=", (3**2 * 16 + 1) * 32)

# %% [markdown] id="0b09a10da67d"
# **Think about it.** The size of the image does not appear in this formula. What follows from that?
#
# <details><summary>Our answer</summary>
#
# A convolution has as many parameters for a small image as for a large one: the same small kernel slides over all of
# it. So a network that is made of convolutions only, like the U-Net, can take images of other sizes than it was
# trained with. (Whether it does well on them is another matter: a rib that is twice as wide in pixels is something
# new to it.)
#
# </details>

# %% [markdown] id="110bfc336dee"
# ## The compression block
#
# On the way down, each block does four things:
#
# 1. a **strided convolution** halves height and width, and its filters are twice as many as before: *fewer pixels,
#    more known about each*;
# 2. a second **convolution** looks around at the new size;
# 3. **batch normalisation** brings each channel to a common scale: with the mean $\mu$ and the variance
#    $\sigma^2$ of the channel over the batch, and two numbers $\gamma$ and $\beta$ that are learnt,
#    $$ x' = \gamma \, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta $$
#    so that no layer has to chase the drifting output of the one before, and larger steps are possible. When
#    predicting, running averages from the training stand in for $\mu$ and $\sigma^2$;
# 4. **spatial dropout** sets whole channels to zero at random during training, so that the network cannot rely on any
#    single one of them. When predicting, it does nothing.
#
# The activation is ReLU, $\max(0, x)$: without it, two convolutions in a row would be no more than a single one.
#
# Why *spatial* dropout? Neighbouring pixels of a channel are almost equal, so a single pixel set to zero can be
# guessed from the ones beside it. A whole channel cannot:

# %% id="4bdc34a53733"
keras.utils.set_random_seed(1)
ones = np.ones((1, 2, 2, 6), dtype="float32")  # six channels of 2 × 2 pixels
dropped = np.asarray(layers.SpatialDropout2D(0.5)(ones, training=True))

for channel in range(6):
    print("channel", channel, dropped[0, ..., channel].tolist())

# %% [markdown] id="657028eef04b"
# Some channels have become zero, all of their pixels together. The others are multiplied by $1 / (1 - 0.5) = 2$, so
# that the sum stays about the same.
#
# Here is the block. It is written out for you; each line has the shape of its result beside it.


# %% id="dcd3241d2566"
def encoder_block(x, filters, strides=2, dropout=0.0):
    """Compress: halve height and width. From (B, H, W, C) to (B, H/2, W/2, filters)."""
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)  # (B, H/2, W/2, F)
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)  # (B, H/2, W/2, F)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.SpatialDropout2D(dropout)(x)


# %% [markdown] id="19cb3e6b7270"
# `keras.Input` stands for a batch that is yet to come. `None` is the number of images in it, which may be any:

# %% id="720f46f5c946"
x = keras.Input((SIZE, SIZE, 1))
print("in      ", x.shape)
for filters in (16, 32, 64):
    x = encoder_block(x, filters)
    print(f"{filters} filters", x.shape)

# %% [markdown] id="e6f974dcd115"
# (`momentum` says how long the running averages of batch normalisation remember. Keras' default, 0.99, remembers some
# hundred batches. The phantoms make about 30 batches an epoch, and the averages would lag epochs behind: the
# validation score would look poor although the network is good.)
#
# ## The way up: transposed convolution
#
# How does one double the size of an image, and learn how? A **transposed convolution** turns the strided one around.
# With a kernel of $2 \times 2$ and stride 2, each input pixel becomes a square of four output pixels: its
# value times the kernel.

# %% id="f5a116115f75"
picture("strides")

# %% [markdown] id="392f8b09a7c0"
# *What you see:* above, a strided convolution, number by number: a filter of 3 × 3 moves over 4 × 4 pixels in steps
# of two, and 2 × 2 numbers come out. Below, a transposed convolution: each of these four lays down a filter of 2 × 2,
# multiplied by it. The size is back; the values of the image are not.
#
# Now in Keras:

# %% id="29df148b03ee"
pixels = np.array([[1, 2], [3, 4]], dtype="float32").reshape(1, 2, 2, 1)
kernel = np.array([[1, 10], [10, 0]], dtype="float32").reshape(2, 2, 1, 1)
larger = np.asarray(keras.ops.conv_transpose(pixels, kernel, strides=2, padding="same"))

print("in:", pixels.shape)
print(pixels[0, ..., 0])
print("out:", larger.shape)
print(larger[0, ..., 0])

# %% [markdown] id="2c9e4921bf9c"
# Find the four copies of the kernel: times 1, times 2, times 3, times 4. In the network, the kernel is learnt. We go
# up with **the same stride** with which we came down, so that after as many steps we are back at full size.
#
# ## Skip connections
#
# At the bottom of the U an image of 128 × 128 pixels is down to 8 × 8. That is enough to know that there is a lung,
# and far too little to say where its border runs. But the encoder has seen the border, on its way down. A **skip
# connection** passes its result to the decoder block that works at the same size: the two are **concatenated**,
# laid on top of each other along the axis of the channels, and the next convolution chooses what it needs from both.

# %% id="34f3c1e0adc5"
picture("skips")

# %% [markdown] id="8537eba22f23"
# *What you see:* above, an **autoencoder**, which learns to give back its image through a narrow middle. Below, a
# U-Net: it is asked another question, and its dashed skips lead past the middle.
#
# Why that matters for an outline:

# %% id="41a6a1e6740d"
picture("coarse_grid")

# %% [markdown] id="ba6f722c7712"
# *What you see:* a mask (blue) kept as one number for each cell of ever smaller maps, and what comes back of it when it
# is enlarged again (orange). Most of the area comes back; at 8 × 8 the corners do not. (That is geometry, not a trained
# network, whose small maps hold many numbers for each cell.)

# %% id="260050300c0e"
up = np.zeros((4, 32, 32, 16), dtype="float32")  # from below: knows what
skip = np.zeros((4, 32, 32, 24), dtype="float32")  # from the encoder: knows where

print("axis=-1:", layers.Concatenate(axis=-1)([up, skip]).shape)

# %% [markdown] id="74bff5f4e183"
# **Question 2.2.** Why `axis=-1`?
#
# - **a)** It is the axis of the batch: the skips come behind the images, and the next layer sees both.
# - **b)** It is the height: the skip is set above what came up, and the convolution slides over both.
# - **c)** It adds the two up, channel by channel.
# - **d)** It is the axis of the channels: each pixel keeps its place and gets the channels of both.

# %% tags=["exercise"] nbgrader={"grade_id": "question_2_2"}
# Question 2.2
### BEGIN SOLUTION
answer_2_2 = "d"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_2_2", "points": 1}
quiz("2.2", answer_2_2)

# %% [markdown] id="f5fd860edbf2"
# Here is where most home-made U-Nets break. What does Keras say of two sizes that differ by a single pixel?

# %% id="daf76777f343"
try:
    layers.Concatenate(axis=-1)([np.zeros((4, 32, 32, 16)), np.zeros((4, 31, 31, 24))])
except ValueError as error:
    print(str(error).splitlines()[0])

# %% [markdown] id="13feab7477db"
# **Question 2.3.** Why must height and width be the same?
#
# - **a)** The channels are laid on top of each other pixel by pixel, and a pixel without a partner has no place in
#   the result.
# - **b)** Because the convolution after the join has a number of parameters that depends on the size.
# - **c)** They need not be: only the numbers of channels must be equal.
# - **d)** They need not be: Keras resizes the smaller one.

# %% tags=["exercise"] nbgrader={"grade_id": "question_2_3"}
# Question 2.3
### BEGIN SOLUTION
answer_2_3 = "a"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_2_3", "points": 1}
quiz("2.3", answer_2_3)

# %% [markdown] id="36d8a8201d36"
# ### Exercise 2.1: the decompression block
#
# Write the whole block. Its steps, in this order:
#
# 1. a transposed convolution, `layers.Conv2DTranspose`, with `filters` filters, a kernel of 2, stride 2 and "same"
#    padding (no activation: it only enlarges);
# 2. the concatenation with `skip`;
# 3. a convolution with `filters` filters, a kernel of 3, "same" padding and ReLU;
# 4. batch normalisation (momentum 0.9) and spatial dropout, at the end as in the encoder block.
#
# A layer is made and called in one line, `layers.ReLU()(x)`; the second pair of parentheses holds what it works on.
# Those that join take a list, `layers.Concatenate()([a, b])`.
#
# The order within a block may be another: many normalise before the ReLU, and some enlarge with
# `layers.UpSampling2D`, which repeats each pixel, and let a convolution follow. These are U-Nets too, and the check
# takes them for right. We use the transposed convolution, because it *learns* how to enlarge.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_2_1"}
# Exercise 2.1
def decoder_block(x, skip, filters, dropout=0.0):
    """Decompress: double height and width, and join the skip. To (B, 2H, 2W, filters)."""
    ### BEGIN SOLUTION
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)  # (B, 2H, 2W, F)
    x = layers.Concatenate(axis=-1)([x, skip])  # (B, 2H, 2W, F + S)
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)  # (B, 2H, 2W, F)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.SpatialDropout2D(dropout)(x)
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_2_1", "points": 4}
check("2.1", decoder_block)

# %% [markdown] id="f2be05b2798d"
# ## The whole network
#
# Now we put the blocks together. With `depth` $d$ and `filters` $F$:
#
# - **level 0:** an encoder block with stride 1, at full size, with $F$ filters;
# - **levels 1 to $d$:** an encoder block each, which halves the size; level $l$ has $F \cdot 2^l$ filters. Level $d$
#   is the *bottleneck*;
# - **back from level $d-1$ to 0:** a decoder block each, with $F \cdot 2^l$ filters, joined with what the encoder put
#   out at the same level;
# - **output:** a convolution of $1 \times 1$ with one filter and a sigmoid, $1 / (1 + e^{-x})$, which turns any
#   number into a probability between 0 and 1.
#
# Here is the plan for depth 2 and an image of 64 × 64 pixels. Read it from the top left, down, and up on the right:
#
# | level | on the way down | skip | on the way up |
# |---|---|---|---|
# | 0 | encoder block, stride 1: 64 × 64, $F$ | → | decoder block: 64 × 64, $F$, then the output |
# | 1 | encoder block: 32 × 32, $2F$ | → | decoder block: 32 × 32, $2F$ |
# | 2 | encoder block, the bottleneck: 16 × 16, $4F$ | | |
#
# And this is the one that the course trains, of depth 4 with 16 filters:

# %% id="ac7c0fa050fc"
picture("unet_shape")

# %% [markdown] id="1fc7ff755df7"
# *What you see:* the U. Blue blocks lead down, orange ones up; above each block is its number of channels, and between
# two blocks of one level their size in pixels. The dashed arrow that joins them is the skip.
#
# The skips are needed in the opposite order of that in which they were made: the last one first. A list keeps them,
# `skips.append(x)`. To count down, `reversed(range(3))` gives 2, 1, 0.
#
# ### Exercise 2.2: build the U-Net
#
# Everything between the input and the output is yours to write: level 0, the way down, the way up, and the last
# convolution. Use `encoder_block` and your `decoder_block`, and hand `dropout` on to each of them.
#
# `input_shape` may be `(None, None, 1)`, for a network that takes images of any size. So do not calculate with
# height and width; the strides know what to do.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_2_2"}
# Exercise 2.2
def build_unet(input_shape, filters=16, depth=4, dropout=0.1):
    """Build a U-Net from images (B, H, W, C) to probabilities (B, H, W, 1)."""
    inputs = keras.Input(input_shape)
    ### BEGIN SOLUTION
    x = encoder_block(inputs, filters, strides=1, dropout=dropout)  # level 0: (B, H, W, F)
    skips = []
    for level in range(1, depth + 1):
        skips.append(x)
        x = encoder_block(x, filters * 2**level, dropout=dropout)  # (B, H / 2^level, W / 2^level, F * 2^level)
    for level in reversed(range(depth)):
        x = decoder_block(x, skips[level], filters * 2**level, dropout=dropout)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")(x)  # (B, H, W, 1)
    ### END SOLUTION
    return keras.Model(inputs, outputs)


# %% [markdown] id="d743dc9098fe"
# The check builds small networks and looks at them from outside: which sizes come out, how many parameters another
# level costs, what still gets through when a kernel is set to zero. It takes a second or two.

# %% tags=["check"] nbgrader={"grade_id": "check_2_2", "points": 6}
check("2.2", build_unet)

# %% [markdown] id="2762c4d1634c"
# Is it right? Then hand it in: the next cell writes your network, with the blocks that it uses, into the file
# `UNet_Arch/UNET_architecture.py`. Notebook 4 will train it.

# %% id="41ccadb89982"
hand_in(build_unet)

# %% [markdown] id="b9a4327cc4e7"
# And here it is, at full size, with four images. It has learnt nothing yet:

# %% id="52801ddd5d59"
keras.utils.set_random_seed(0)
model = build_unet((SIZE, SIZE, 1))
probabilities = np.asarray(model(images))

print(images.shape, "→", probabilities.shape, f" from {probabilities.min():.2f} to {probabilities.max():.2f}")

# %% [markdown] id="020c7685dd7b"
# Let the network draw itself. `plot_network` reads the shape of each layer's result; as long as the height stays the
# same, it is one block. The height of a bar is the height of the image, and its width grows from level to level, as
# the number of channels does.

# %% id="1f62a72edfca"
from lungseg_course.figures import plot_network

plot_network(model)

# %% [markdown] id="3bf1ebfc091d"
# *What you see:* bars that get shorter to the middle and longer again: the U, lying on its side. Below each bar are
# the pixels and the channels of its result. Each dashed arrow is a skip connection between two bars of the same
# height.

# %% [markdown] id="5df039428dc9"
# **Question 2.4.** How many convolutions does this network have with depth $d = 4$, all kinds together? Count those in
# an encoder block and in a decoder block, and then the blocks. (If you built it in another way than the text says,
# count what the text says.)
#
# - **a)** $2d + 2 = 10$
# - **b)** $4d + 2 = 18$
# - **c)** $4d + 3 = 19$
# - **d)** $5d + 3 = 23$

# %% tags=["exercise"] nbgrader={"grade_id": "question_2_4"}
# Question 2.4
### BEGIN SOLUTION
answer_2_4 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_2_4", "points": 1}
quiz("2.4", answer_2_4)

# %% [markdown] id="276b80dca69b"
# Each convolution has one kernel with four axes: height, width, and the channels on either side. So we can count:

# %% id="8e23039c1859"
kernels = [weight for weight in model.trainable_weights if len(weight.shape) == 4]
print(f"{len(kernels)} convolutions, {model.count_params():,} parameters")

# %% [markdown] id="9391c272c3a9"
# **Think about it.** How large is the square of input pixels that a single pixel of the bottleneck can see? A
# convolution of 3 × 3 widens the view by two of *its own* pixels; and each stride of 2 makes these worth twice as many
# pixels of the input. Add it up, layer by layer, before you run the next cell.

# %% id="d7d8980371ed"
view, step = 1, 1
for level in range(4 + 1):  # depth 4
    for strides in (1 if level == 0 else 2, 1):  # the two convolutions of an encoder block
        view += 2 * step
        step *= strides
    print(f"level {level}: sees {view:2d} × {view:2d} pixels, in steps of {step}")

# %% [markdown] id="4f1395b852f7"
# <details><summary>Our answer</summary>
#
# With depth 4 it is a square of 95 pixels. That is most of a chest at 128 × 128, so the network can know where left
# and right, top and bottom are. A single convolution sees 3 × 3 pixels, and cannot tell a lung from the dark
# background beside the body.
#
# </details>
#
# What do depth and filters cost, and what do they bring? Move the sliders above the next picture. (On paper, or
# before the cell has run here, the picture stands still.)

# %% id="f745cac523f8"
from lungseg_course.play.sizes import play_with_sizes

play_with_sizes()

# %% [markdown] id="6244625d53d5"
# *What you see:* the blocks of a U-Net for images of 128 × 128 pixels, its number of parameters above them, and on
# the right a frame around what a single pixel of the bottleneck sees.
#
# - One level more, and the network has about four times as many parameters, and sees twice as far. At depth 5 the
#   frame is larger than the image.
# - Twice the filters, and it has about four times as many parameters, too; but it sees no further.
# - With depth 1 it sees 11 × 11 pixels: not enough to tell a lung from the air beside the patient.

# %% [markdown] id="3c5292e984cd"
# ## Compare with the package
#
# `lungseg.build_unet` is the same network, with names for its layers and checks of its arguments. If yours has the
# same parts in the same order, then with the same weights it must give the same answer:

# %% id="8df7c0d0df96"
from lungseg_course.looking import compare_networks

compare_networks(model, lungseg.build_unet((SIZE, SIZE, 1)), images)

# %% [markdown] id="676f5e9fb656"
# ## Can it learn? A test for every new network
#
# Before you train for hours, ask a new network for something easy: to learn **four images by heart**. If it cannot
# even do this, there is a mistake in the network, the data or the loss. We use few filters and no dropout, to be
# quick. The loss is binary cross-entropy; the next notebook has a better one.

# %% id="488026ac539a"
DEPTH = 1 if FAST else 3

keras.utils.set_random_seed(0)
small = build_unet((SIZE, SIZE, 1), filters=8, depth=DEPTH, dropout=0.0)
small.compile(optimizer=keras.optimizers.Adam(5e-3), loss="binary_crossentropy")
history = small.fit(images, masks, batch_size=4, epochs=20 if FAST else 100, verbose=0)

losses = history.history["loss"]
print("loss of step", ", ".join(f"{step + 1}: {losses[step]:.3f}" for step in (0, 9, len(losses) - 1)))
print("It learns." if losses[-1] < 0.7 * losses[0] else "It hardly learns: is there a mistake somewhere?")

# %% id="9e8c215bdca0"
from lungseg.plotting import plot_batch

plot_batch(images, masks, predictions=small.predict_on_batch(images))

# %% [markdown] id="611dcd1e7109"
# *What you see:* the four images with their true outlines (blue) and the predicted ones (orange). They should lie
# close together, with at most some specks: the network can express what we want from it. It says *nothing* about
# images that it has never seen. For that we need many cases, and notebook 4.
#
# (The loss is small, and yet there are blobs in the dark corners? To predict, batch normalisation takes its running
# averages, and they lag behind as long as the weights change quickly. After some more epochs they have caught up.)
#
# ## Hard: a size that cannot be halved often enough
#
# Depth 4 halves the image four times, so that $2^4 = 16$ must divide height and width. What if it does not? "Same"
# padding rounds up on the way down, and the way up doubles:

# %% id="d22891588d6d"
sizes = [100]
for _ in range(4):
    sizes.append(-(-sizes[-1] // 2))  # ⌈size / 2⌉
print("down:", " → ".join(map(str, sizes)))
print(f"up:   {sizes[-1]} → {2 * sizes[-1]}, but the skip at that level has {sizes[-2]}")

# %% [markdown] id="70166d5edafd"
# The package says so before Keras does, and names the sizes that work:

# %% id="8b7d34ddce3b"
try:
    lungseg.build_unet((100, 100, 1), depth=4)
except lungseg.InputError as error:
    print(error)

# %% [markdown] id="eea9f1d2f957"
# **Question 2.5.** Which images can a network of depth 3 take as they are?
#
# - **a)** 100 × 100 pixels
# - **b)** 36 × 36 pixels: it is enough that the size is even
# - **c)** 40 × 104 pixels
# - **d)** only 8 × 8, 16 × 16, 32 × 32, 64 × 64, ...: powers of 2

# %% tags=["exercise"] nbgrader={"grade_id": "question_2_5"}
# Question 2.5
### BEGIN SOLUTION
answer_2_5 = "c"
### END SOLUTION

# %% tags=["check"] nbgrader={"grade_id": "quiz_2_5", "points": 1}
quiz("2.5", answer_2_5)

# %% [markdown] id="68c5bd7b7cfa"
# What to do with the others? One remedy is to *pad* the image up to the next size that works, predict, and cut the
# padding off again.
#
# `np.pad` wants how much to add before and after on each of the four axes, `((0, 0), (0, down), (0, right), (0, 0))`;
# with `mode="edge"` it repeats the last row and column. Python's `-height % step` is what is missing to the next
# multiple of `step`, and 0 where nothing is missing.
#
# ### Exercise 2.3 (hard, optional): any size
#
# You may leave it out: it counts no points, and what comes after it works without.
#
# Write a function that gives `model` images of any height and width, and returns a probability for each of their
# pixels. `depth` is how often the network halves.


# %% tags=["exercise"] nbgrader={"grade_id": "exercise_2_3"}
# Exercise 2.3
def predict_any_size(model, images, depth):
    """Return probabilities (B, H, W, 1) for images (B, H, W, 1) of any size."""
    ### BEGIN SOLUTION
    step = 2**depth
    height, width = images.shape[1:3]
    down, right = -height % step, -width % step
    padded = np.pad(images, ((0, 0), (0, down), (0, right), (0, 0)), mode="edge")
    return model.predict_on_batch(padded)[:, :height, :width]
    ### END SOLUTION


# %% tags=["check"] nbgrader={"grade_id": "check_2_3", "points": 0}
check("2.3", predict_any_size)

# %% [markdown] id="53d149702079"
# Now with the network that knows four images by heart, and with your function if it is right, ours otherwise. The
# network takes any size if it is built for `(None, None, 1)`; its weights fit, as they do not depend on the size. We
# cut 5 rows and 7 columns off the images:

# %% id="11e4a1116b9e"
flexible = build_unet((None, None, 1), filters=8, depth=DEPTH, dropout=0.0)  # None: any size
flexible(images)  # a model that is a class of your own makes its weights now; others have theirs
flexible.set_weights(small.get_weights())
odd = images[:, 3:-2, 1:-6]
found = own_or_package("2.3", predict_any_size)(flexible, odd, depth=DEPTH)
before = small.predict_on_batch(images)[:, 3:-2, 1:-6]

print(odd.shape, "→", found.shape)
print(f"the same verdict as on the whole images for {np.mean((found > 0.5) == (before > 0.5)):.1%} of the pixels")

# %% [markdown] id="7d7b662e768b"
# Why not all of them? We cut 3 rows off at the top, and 3 is no multiple of $2^\text{depth}$. So the strides now take
# other pixels together than before, and this network knows its images by heart in one position only.
#
# **Think about it.** Padding is one remedy. Name two others, and when you would prefer them.
#
# <details><summary>Our answer</summary>
#
# *Resize* all images to a size that works: this is what we do with radiographs, which have to become smaller anyway.
# *Lower the depth*: with depth 2 any multiple of 4 works, but the network sees a smaller part of the image at a time.
# (Cropping works too, where nothing of interest lies at the border.)
#
# </details>

# %% [markdown] id="95b7b90dac27"
# ## What you have now
#
# - "Same" padding keeps the size; a stride of 2 halves it, rounded up; a transposed convolution with stride 2 doubles
#   it.
# - The compression path finds out *what*, the decompression path *where*, and the skip connections carry the detail
#   across, joined along the channels.
# - Each block ends in batch normalisation and spatial dropout.
# - Your `build_unet` is handed in; notebook 4 trains it.
# - $2^\text{depth}$ must divide height and width.
#
# *Further reading:* O. Ronneberger, P. Fischer, T. Brox, "U-Net: convolutional networks for biomedical image
# segmentation", MICCAI 2015, arXiv:1505.04597.

# %% id="b8e4999d79d6"
progress()

# %% [markdown] id="4dbbf702e698"
# **Next:** [notebook 3, loss and metrics](../Loss_Metrics/LossMetrics.ipynb): what should the network be punished for,
# and how do we measure success?

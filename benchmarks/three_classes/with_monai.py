"""Right lung, left lung and heart with MONAI: from images and index masks to the masks of the test images.

Its U-Net with residual units, its Dice and cross-entropy loss, its transforms: as its tutorials put them together.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from monai.data import CacheDataset, DataLoader
from monai.losses import DiceCELoss
from monai.metrics import DiceMetric
from monai.networks.nets import UNet
from monai.networks.utils import one_hot
from monai.transforms import Compose, EnsureChannelFirstd, LoadImaged, ScaleIntensityRangePercentilesd, ToTensord
from monai.utils import set_determinism
from PIL import Image

folder, out, epochs, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
parts = json.loads((folder / "split.json").read_text())
set_determinism(seed)
steps = Compose(
    [
        LoadImaged(["image", "mask"]),
        EnsureChannelFirstd(["image", "mask"]),
        ScaleIntensityRangePercentilesd("image", 0.5, 99.5, 0, 1, clip=True),
        ToTensord(["image", "mask"], dtype=torch.float32),
    ]
)


def loader(part, shuffle):
    places = {"image": folder / "images", "mask": folder / "masks"}
    files = [{key: place / f"{name}.png" for key, place in places.items()} for name in parts[part]]
    return DataLoader(CacheDataset(files, steps, progress=False), batch_size=8, shuffle=shuffle)


training, validation, test = loader("train", True), loader("validation", False), loader("test", False)
model = UNet(2, 1, 4, channels=(16, 32, 64, 128, 256), strides=(2, 2, 2, 2), num_res_units=2, dropout=0.1)
loss_function, dice = DiceCELoss(to_onehot_y=True, softmax=True), DiceMetric(include_background=False)
optimizer = torch.optim.Adam(model.parameters(), 2e-3)
best = 0.0
for epoch in range(epochs):
    model.train()
    for batch in training:
        optimizer.zero_grad()
        loss_function(model(batch["image"]), batch["mask"]).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for batch in validation:
            found = model(batch["image"]).argmax(1, keepdim=True)
            dice(one_hot(found, 4), one_hot(batch["mask"], 4))
    score = float(dice.aggregate())
    dice.reset()
    if score > best:
        best = score
        torch.save(model.state_dict(), out / "best.pt")
    print(epoch, score, flush=True)
model.load_state_dict(torch.load(out / "best.pt"))
model.eval()
with torch.no_grad():
    found = np.concatenate([model(batch["image"]).argmax(1).numpy() for batch in test])
for name, labels in zip(parts["test"], found, strict=True):
    Image.fromarray(labels.T.astype(np.uint8)).save(out / f"{name}.png")  # MONAI has the columns first

"""PyTorch's half of scripts/verify-pytorch.ts, which says what is verified and calls this.

    python3 scripts/verify-pytorch.py make FOLDER PICTURE...     weights, pixels and logits
    python3 scripts/verify-pytorch.py check FOLDER               what came back

Needs Debian's python3-torch and python3-pil; python3-onnx for the checker.
"""

import json
import pathlib
import struct
import sys

import numpy
import torch
from PIL import Image
from torch import nn

CLASSES = 1000


def alexnet():
    """torchvision.models.alexnet, from torchvision itself where it is installed."""
    try:
        from torchvision.models import alexnet as torchvision_alexnet

        return torchvision_alexnet(num_classes=CLASSES)
    except ImportError:
        return AlexNet()


class AlexNet(nn.Module):
    """torchvision's, line by line (torchvision 0.14, models/alexnet.py)."""

    def __init__(self, num_classes=CLASSES, dropout=0.5):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def pixels_of(file):
    """Resize(256), CenterCrop(224) of torchvision.transforms: uint8 (3, 224, 224)."""
    picture = Image.open(file).convert("RGB")
    width, height = picture.size
    scale = 256 / min(width, height)
    size = (256, int(scale * height)) if width <= height else (int(scale * width), 256)
    picture = picture.resize(size, Image.BILINEAR)
    left, top = int(round((size[0] - 224) / 2.0)), int(round((size[1] - 224) / 2.0))
    return numpy.asarray(picture.crop((left, top, left + 224, top + 224))).transpose(2, 0, 1)


def logits_of(model, pixels):
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    with torch.no_grad():
        return model((torch.from_numpy(pixels).float() / 255 - mean) / deviation).numpy()


def make(folder, files):
    torch.manual_seed(1)
    model = alexnet().eval()
    for name, parameter in model.named_parameters():
        # Large enough weights, so that the logits are of the order of 1 and an error of 1e-4 would be one.
        if name.endswith("weight"):
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
    torch.save(model.state_dict(), folder / "zip.pth")
    torch.save(model.state_dict(), folder / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.onnx.export(
        model,
        torch.zeros(1, 3, 224, 224),
        str(folder / "pytorch.onnx"),
        input_names=["x"],
        output_names=["y"],
        dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}},
    )
    pixels = numpy.stack([pixels_of(file) for file in files])
    pixels.tofile(folder / "pixels.bin")
    logits_of(model, pixels).tofile(folder / "logits.bin")


def read_safetensors(file):
    """The format in ten lines, so that no package is needed."""
    data = file.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = numpy.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"]).copy()
        tensors[name] = torch.from_numpy(values)
    return tensors


def check(folder):
    pixels = numpy.fromfile(folder / "pixels.bin", dtype=numpy.uint8).reshape(-1, 3, 224, 224)
    expected = numpy.fromfile(folder / "logits.bin", dtype=numpy.float32).reshape(-1, CLASSES)
    model = alexnet().eval()
    model.load_state_dict(read_safetensors(folder / "exported.safetensors"))
    original = torch.load(str(folder / "zip.pth"))
    equal = all(torch.equal(tensor, original[name]) for name, tensor in model.state_dict().items())
    difference = float(numpy.abs(logits_of(model, pixels) - expected).max())
    checked = []
    try:
        import onnx

        for name in ["exported.onnx", "exported-pixels.onnx"]:
            onnx.checker.check_model(onnx.load(str(folder / name)), full_check=True)
            checked.append(name)
    except ImportError:
        pass
    print(json.dumps({"equal": equal, "difference": difference, "checked": checked, "torch": torch.__version__}))


if __name__ == "__main__":
    command, folder, *files = sys.argv[1:]
    if command == "make":
        make(pathlib.Path(folder), files)
    else:
        check(pathlib.Path(folder))

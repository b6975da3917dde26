"""colours.json: what torchvision makes of the colours of small pictures.

    jitter      ColorJitter with a given order (0 brightness, 1 contrast, 2 saturation, 3 hue) and given factors, in
                float64 on the scale 0-255. Its grays are 0.2989 R + ...; Pillow's, and this project's, 0.299 R + ...
    grayscale   Image.convert("L"): bytes
    augment     one operation of RandAugment (its number in torchvision's order) at a magnitude of 31, bilinear, of
                bytes: Pillow rounds down

A case: {name, kind, picture: specification of (3, H, W), the arguments, output: {shape, values}}.
"""

import numpy
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import InterpolationMode, autoaugment

from common import fill, numbers, spec

SMALL = spec([3, 7, 9], 4, 120, 127, round=True)
GRAY = spec([3, 7, 9], 5, 20, 127, round=True)
# Tones are spread by the frequencies of levels: that takes twice as many pixels as levels.
LARGE = spec([3, 24, 26], 6, 90, 120, round=True)

JITTERS = [
    (SMALL, [0, 1, 2, 3], [0.7, 1.3, 1.4, 0.2]),
    (SMALL, [3, 2, 1, 0], [1.4, 0.6, 0.7, -0.35]),
    (GRAY, [1, 3, 0, 2], [1.1, 1.9, 1.8, 0.5]),
    *((SMALL, [0, 1, 2, 3], [*(None,) * n, factor, *(None,) * (3 - n)]) for n, factor in enumerate([1.5, 0.5, 0.0, 0.08])),
]


def jittered(picture, order, factors):
    jitter = transforms.ColorJitter()
    jitter.get_params = lambda *_: (order, *factors)
    return jitter(fill(picture) / 255) * 255


def image(picture):
    return Image.fromarray(fill(picture).numpy().transpose(1, 2, 0).astype(numpy.uint8), "RGB")


def planes(of):
    return torch.from_numpy(numpy.array(of, dtype=numpy.float64).transpose(2, 0, 1))


def augmented(picture, operation, magnitude, negative):
    _, height, width = picture["shape"]
    space = autoaugment.RandAugment()._augmentation_space(31, (height, width))
    name = list(space)[operation]
    magnitudes, signed = space[name]
    assert signed or not negative
    amount = float(magnitudes[magnitude]) if magnitudes.ndim else 0.0
    by = -amount if negative else amount
    return name, planes(autoaugment._apply_op(image(picture), name, by, InterpolationMode.BILINEAR, None))


def case(name, kind, picture, values, **arguments):
    output = {"shape": picture["shape"], "values": [round(value, 4) for value in numbers(values)]}
    return {"name": name, "kind": kind, "picture": picture, **arguments, "output": output}


def make():
    cases = []
    for picture, order, factors in JITTERS:
        values = jittered(picture, order, factors)
        cases.append(case(f"jitter {order} {factors}", "jitter", picture, values, order=order, factors=factors))
    gray = planes(image(SMALL).convert("L").convert("RGB"))
    cases.append(case("grayscale", "grayscale", SMALL, gray))
    for operation in range(14):
        picture = LARGE if operation >= 12 else SMALL
        for magnitude, negative in [(9, False), (30, True)] if 1 <= operation <= 9 else [(9, False), (30, False)]:
            name, values = augmented(picture, operation, magnitude, negative)
            sign = "-" if negative else ""
            arguments = {"operation": operation, "magnitude": magnitude, "negative": negative}
            cases.append(case(f"{name} {sign}{magnitude}", "augment", picture, values, **arguments))
    return {"cases": cases}

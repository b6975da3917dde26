"""transforms.json: what Pillow and scikit-image make of small pictures.

    resize        Image.resize((width, height), BILINEAR), floats (mode F)
    resizeBytes   the same of bytes (mode L): Pillow rounds twice, after the rows and after the columns
    resizedCrop   the crop, then the same resize: torchvision's resized_crop; box: top, left, height, width
    rotate        Image.rotate(degrees, BILINEAR), floats; 0 outside
    rotateInside  skimage.transform.rotate(degrees); only where the four neighbours lie in the picture, else null:
                  scikit-image fades into the background over one pixel, Pillow does not

A case: {name, kind, picture: specification of (1, H, W), the arguments, output: {shape, values}}.
"""

import numpy
import torch
from PIL import Image
from skimage import transform

from common import fill, numbers, spec

PICTURES = {
    "wide": spec([1, 9, 13], 1, 120, 127, round=True),
    "tall": spec([1, 14, 6], 2, 127, 127.5, round=True),
    "square": spec([1, 12, 12], 3, 120, 127, round=True),
}
RESIZES = [("wide", 4, 5), ("wide", 9, 5), ("wide", 20, 17), ("tall", 7, 3), ("tall", 3, 11), ("square", 11, 11), ("square", 1, 1)]
CROPS = [("wide", (2, 3, 5, 7), 4), ("wide", (1, 0, 8, 6), 11), ("square", (4, 4, 1, 2), 6), ("square", (0, 0, 12, 12), 5)]
ANGLES = [("square", 25), ("square", -25), ("wide", 10), ("tall", -123.4), ("square", 90)]


def array(name):
    return fill(PICTURES[name]).numpy()[0]


def image(name):
    return Image.fromarray(array(name).astype(numpy.float32), "F")


def output(values):
    tensor = torch.from_numpy(numpy.array(values, dtype=numpy.float64))
    values = [None if value != value else value for value in numbers(tensor)]
    return {"shape": [1, *tensor.shape], "values": values}


def case(kind, name, values, **arguments):
    described = " ".join(str(value) for value in arguments.values())
    return {"name": f"{kind} {name} {described}", "kind": kind, "picture": PICTURES[name], **arguments, "output": output(values)}


def inside(name, degrees):
    return transform.rotate(array(name), degrees, order=1, mode="constant", cval=numpy.nan, preserve_range=True)


def make():
    cases = []
    for name, height, width in RESIZES:
        small = image(name).resize((width, height), Image.BILINEAR)
        cases.append(case("resize", name, small, height=height, width=width))
        small = Image.fromarray(array(name).astype(numpy.uint8), "L").resize((width, height), Image.BILINEAR)
        cases.append(case("resizeBytes", name, small, height=height, width=width))
    for name, (top, left, height, width), size in CROPS:
        part = image(name).crop((left, top, left + width, top + height)).resize((size, size), Image.BILINEAR)
        cases.append(case("resizedCrop", name, part, box=[top, left, height, width], size=size))
    for name, degrees in ANGLES:
        cases.append(case("rotate", name, image(name).rotate(degrees, Image.BILINEAR), degrees=degrees))
        cases.append(case("rotateInside", name, inside(name, degrees), degrees=degrees))
    return {"cases": cases}

"""What the golden files share: the tensor formula, and how numbers are written.

Inputs and weights are never stored. They come from a formula that any language can repeat
exactly, so a file names a tensor by its specification, {"shape", "seed", "scale", "offset"}:

    h = (i * 2654435761 + seed * 2246822519) mod 2^32      i = position in the flat tensor, from 0
    h = h xor (h >> 15)
    h = (h * 2246822519) mod 2^32
    h = h xor (h >> 13)
    value(i, seed) = h / 2^32 * 2 - 1                      in [-1, 1)
    element i      = float32(offset + scale * value(i, seed))

The last rounding makes the inputs the same for an engine in float32 and one in float64.
With "round": true the element is floor(offset + scale * value + 1/2), a whole number.
"""

import json
import math

import numpy
import torch

FORMULA = (
    "h = (i*2654435761 + seed*2246822519) mod 2^32; h ^= h>>>15; h = h*2246822519 mod 2^32; "
    "h ^= h>>>13; value = h/2^32*2-1; element = fround(offset + scale*value), "
    "or floor(offset + scale*value + 0.5) where the specification says round"
)

WHOLE_UP_TO = 400
DIGITS = 9


def spec(shape, seed, scale=1.0, offset=0.0, round=False):
    """Names a tensor. `scale` is shortened here, so that the file holds the exact number used."""
    result = {"shape": list(shape), "seed": seed, "scale": shorten(scale, 6), "offset": offset}
    if round:
        result["round"] = True
    return result


def fill(of):
    """The tensor (float64) that a specification names."""
    count = math.prod(of["shape"])
    index = numpy.arange(count, dtype=numpy.uint64)
    mask = numpy.uint64(0xFFFFFFFF)
    prime = numpy.uint64(2246822519)
    start = numpy.uint64((of["seed"] * 2246822519) % 2**32)
    h = (index * numpy.uint64(2654435761) + start) & mask
    h ^= h >> numpy.uint64(15)
    h = (h * prime) & mask
    h ^= h >> numpy.uint64(13)
    values = of["offset"] + of["scale"] * (h.astype(numpy.float64) / 2**32 * 2 - 1)
    if of.get("round"):
        values = numpy.floor(values + 0.5)
    else:
        values = values.astype(numpy.float32).astype(numpy.float64)
    return torch.from_numpy(values.reshape(of["shape"]))


def shorten(number, digits=DIGITS):
    return float(f"{number:.{digits}g}")


def numbers(tensor):
    return [shorten(value) for value in tensor.detach().reshape(-1).tolist()]


def summary(tensor, count=12):
    """Sum, l2 norm and `count` elements: sample[k] is element k * stride of the flat tensor.

    The stride is the largest prime that fits, so that the sample wanders over rows and columns.
    """
    flat = tensor.detach().reshape(-1)
    count = min(count, flat.numel())
    stride = flat.numel() // count
    while stride > 3 and any(stride % d == 0 for d in range(2, math.isqrt(stride) + 1)):
        stride -= 1
    total, norm = flat.sum().item(), flat.norm().item()
    if abs(total) < 1e-13 * norm * math.sqrt(flat.numel()):
        total = 0.0  # what is left of a sum that cancels is rounding noise
    return {
        "length": flat.numel(),
        "sum": shorten(total),
        "norm": shorten(norm),
        "stride": stride,
        "sample": numbers(flat[: (count - 1) * stride + 1 : stride]),
    }


def whole_or_summary(tensor):
    """All numbers of a small tensor; of a large one, 40 of them with sum and norm."""
    return numbers(tensor) if tensor.numel() <= WHOLE_UP_TO else summary(tensor, 40)


def write(path, content):
    """One case a line: small enough to store, and a change shows which case it touches."""
    head = {key: value for key, value in content.items() if key != "cases"}
    check = spec([5], 7, 2.0, 0.5)
    head = {"formula": FORMULA, "formulaCheck": {"spec": check, "values": numbers(fill(check))}, **head}
    lines = [f" {json.dumps(key)}: {compact(value)}," for key, value in head.items()]
    cases = ",\n".join("  " + compact(case) for case in content["cases"])
    path.write_text("{\n" + "\n".join(lines) + '\n "cases": [\n' + cases + "\n ]\n}\n")


def compact(value):
    return json.dumps(value, separators=(",", ":"))

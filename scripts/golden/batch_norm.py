"""batch-norm.json: torch.nn.BatchNorm2d and BatchNorm1d over three batches, then in evaluation.

A case: {name, shape, epsilon, momentum, weight, bias: specifications, batches: for each {input,
outputGradient: specifications, output, gradients: [input, weight, bias], runningMean, runningVar:
after it}, evaluation: {input: specification, output}}. The running statistics start at 0 and 1.
"""

import torch
from torch import nn

from common import fill, numbers, spec, whole_or_summary

BATCHES = 3


def case(name, shape, seed, epsilon=1e-5, momentum=0.1, scale=2.0, offset=0.5):
    kind = nn.BatchNorm2d if len(shape) == 4 else nn.BatchNorm1d
    norm = kind(shape[1], eps=epsilon, momentum=momentum).double()
    weight, bias = spec([shape[1]], seed + 1, 1.0, 1.5), spec([shape[1]], seed + 2)
    with torch.no_grad():
        norm.weight.copy_(fill(weight))
        norm.bias.copy_(fill(bias))
    batches = []
    norm.train()
    for step in range(BATCHES):
        given, dy = spec(shape, seed + 10 + step, scale, offset), spec(shape, seed + 20 + step)
        x = fill(given).requires_grad_()
        norm.zero_grad()
        y = norm(x)
        y.backward(fill(dy))
        batches.append({
            "input": given,
            "outputGradient": dy,
            "output": whole_or_summary(y),
            "gradients": [whole_or_summary(of.grad) for of in (x, norm.weight, norm.bias)],
            "runningMean": numbers(norm.running_mean),
            "runningVar": numbers(norm.running_var),
        })
    norm.eval()
    unseen = spec(shape, seed + 30, scale, offset)
    return {
        "name": name, "shape": list(shape), "epsilon": epsilon, "momentum": momentum,
        "weight": weight, "bias": bias, "batches": batches,
        "evaluation": {"input": unseen, "output": whole_or_summary(norm(fill(unseen)))},
    }


def make():
    return {"cases": [
        case("maps", (3, 5, 4, 3), 100),
        case("maps whose channels fill no block of a vector", (2, 19, 3, 5), 200),
        case("rows", (6, 7), 300),
        case("another epsilon and momentum", (4, 3, 2, 2), 400, epsilon=1e-2, momentum=0.4),
        case("values far from zero", (4, 4, 3, 3), 500, scale=0.5, offset=4.0),
    ]}

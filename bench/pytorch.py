"""Measures PyTorch on the CPU: the peer that this project's own speed is held against.

`alexnet bench --peer pytorch` runs it, through standard input. By itself,

    OMP_NUM_THREADS=2 python3 bench/pytorch.py --task train --model alexnet --batch-size 128

prints one line of JSON, and with --describe what it can do. It needs nothing but PyTorch (1.13 to
2.x). On Debian install libopenblas0-pthread beside
python3-torch; without a real BLAS the comparison is unfair to PyTorch.

A training step is zero_grad, forward, cross entropy, backward and SGD with momentum 0.9 and decay
0.0005, dropout active. Inference runs in evaluation mode under inference_mode, in bfloat16 with the
weights converted once. Input is one batch that is already in memory, in the asked layout: reading
data is not measured.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time


MODELS = ["alexnet", "alexnet-cifar", "18pct", "80sec"]
LAYOUTS = ["default", "channels_last"]
PRECISIONS = ["float32", "bfloat16"]


def parse():
    parser = argparse.ArgumentParser(prog="pytorch.py")
    parser.add_argument("--task", choices=["train", "infer"], default="train")
    parser.add_argument("--model", choices=MODELS, default="alexnet")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--layout", choices=LAYOUTS, default="default")
    parser.add_argument("--precision", choices=PRECISIONS, default="float32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--describe", action="store_true")
    return parser.parse_args()


ARGUMENTS = parse()
# The thread pools read these when the library is loaded, so before the import.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(ARGUMENTS.threads)

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

WARM_UP = 2
LEAST_STEPS = 3


class MapNorm(nn.Module):
    """cuda-convnet's response normalisation within a map: size 3, alpha 5e-5 / 9 on the sum."""

    def forward(self, x):
        mean = F.avg_pool2d(x * x, 3, stride=1, padding=1)
        return x * (1 + 5e-5 * mean).pow(-0.75)


def alexnet(conv1, flat, hidden, classes):
    relu = lambda: nn.ReLU(inplace=True)
    return nn.Sequential(
        conv1, relu(), nn.MaxPool2d(3, 2),
        nn.Conv2d(64, 192, 5, padding=2), relu(), nn.MaxPool2d(3, 2),
        nn.Conv2d(192, 384, 3, padding=1), relu(),
        nn.Conv2d(384, 256, 3, padding=1), relu(),
        nn.Conv2d(256, 256, 3, padding=1), relu(), nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Dropout(), nn.Linear(flat, hidden), relu(),
        nn.Dropout(), nn.Linear(hidden, hidden), relu(),
        nn.Linear(hidden, classes),
    )


def cuda_convnet(norm, head):
    relu = lambda: nn.ReLU(inplace=True)
    pool = lambda kind: kind(3, 2, ceil_mode=True)
    return nn.Sequential(
        nn.Conv2d(3, 32, 5, padding=2), pool(nn.MaxPool2d), relu(), *norm(),
        nn.Conv2d(32, 32, 5, padding=2), relu(), pool(nn.AvgPool2d), *norm(),
        nn.Conv2d(32, 64, 5, padding=2), relu(), pool(nn.AvgPool2d),
        nn.Flatten(), *head,
    )


def build(name):
    """The model, the size of its pictures and the number of its classes."""
    if name == "alexnet":
        return alexnet(nn.Conv2d(3, 64, 11, stride=4, padding=2), 9216, 4096, 1000), 224, 1000
    if name == "alexnet-cifar":
        return alexnet(nn.Conv2d(3, 64, 3, padding=1), 2304, 1024, 10), 32, 10
    if name == "18pct":
        return cuda_convnet(lambda: [MapNorm()], [nn.Linear(1024, 10)]), 32, 10
    return cuda_convnet(list, [nn.Linear(1024, 64), nn.ReLU(inplace=True), nn.Linear(64, 10)]), 32, 10


def autocast(enabled):
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled)


def training_step(model, images, labels, half):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    model.train()

    def step():
        optimizer.zero_grad(set_to_none=True)
        with autocast(half):
            loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()

    return step


def inference_step(model, images):
    model.eval()
    return lambda: model(images)


def measure(step, seconds):
    for _ in range(WARM_UP):
        step()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < LEAST_STEPS or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def main(arguments):
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    model, size, classes = build(arguments.model)
    images = torch.randn(arguments.batch_size, 3, size, size)
    labels = torch.randint(classes, (arguments.batch_size,))
    if arguments.layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    half = arguments.precision == "bfloat16"
    if arguments.task == "train":
        times = measure(training_step(model, images, labels, half), arguments.seconds)
    else:
        # One context around all steps: autocast then converts the weights once, not at every step.
        with torch.inference_mode(), autocast(half):
            times = measure(inference_step(model, images), arguments.seconds)

    rate = lambda step_time: round(arguments.batch_size / step_time, 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({
        "task": arguments.task,
        "model": arguments.model,
        "batchSize": arguments.batch_size,
        "runner": "pytorch",
        "precision": arguments.precision,
        "layout": arguments.layout,
        "threads": arguments.threads,
        "imagesPerSecond": rate(statistics.median(times)),
        "min": rate(max(times)),
        "max": rate(min(times)),
        "steps": len(times),
        "peakMemoryBytes": peak if sys.platform == "darwin" else peak * 1024,
    }))


def describe():
    print(json.dumps({
        "version": str(torch.__version__),
        "models": MODELS,
        "layouts": LAYOUTS,
        "precisions": PRECISIONS,
    }))


describe() if ARGUMENTS.describe else main(ARGUMENTS)

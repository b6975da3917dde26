"""lr-find.json: the rates that fastai's learning rate finder suggests for curves of smoothed losses.

    valley    fastai/callback/schedule.py, `valley`
    steep     fastai/callback/schedule.py, `steep`

Both are written down from fastai's definitions, as its `lr_find` calls them: without the first tenth of the steps and the
last five. The losses are drawn; they are smoothed as fastai's AvgSmoothLoss does. A case: {name, steps, rates, losses,
smoothed, valley, steep}.
"""

import math
import random

from common import shorten

STEPS = 100


def smooth(losses, beta=0.98):
    value, result = 0.0, []
    for count, loss in enumerate(losses, 1):
        value = loss + beta * (value - loss)  # torch.lerp(loss, value, beta)
        result.append(value / (1 - beta**count))
    return result


def valley(lrs, losses):
    n = len(losses)
    start, end = 0, 0
    longest = [1] * n
    for i in range(1, n):
        for j in range(i):
            if losses[i] < losses[j] and longest[i] < longest[j] + 1:
                longest[i] = longest[j] + 1
            if longest[end] < longest[i]:
                end = i
                start = end - longest[end]
    sections = (end - start) / 3
    return lrs[start + int(sections) + int(sections / 2)]


def steep(lrs, losses):
    slopes = [(losses[i + 1] - losses[i]) / (math.log(lrs[i + 1]) - math.log(lrs[i])) for i in range(len(lrs) - 1)]
    return lrs[slopes.index(min(slopes))]


def curve(name, noise, best, depth, rise, done=STEPS, seed=1):
    """A loss that falls around the rate `best` and rises beyond it."""
    draw = random.Random(seed)
    rates = [1e-6 * 1e7 ** (i / (STEPS - 1)) for i in range(done)]
    losses = []
    for rate in rates:
        x = math.log10(rate / best)
        fall = depth / (1 + math.exp(-3 * x))
        losses.append(shorten(2.3 - fall + rise * max(0.0, x - 1) ** 3 + noise * (draw.random() - 0.5)))
    smoothed = smooth(losses)
    seen = slice(STEPS // 10, done - 5)
    return {
        "name": name,
        "steps": STEPS,
        "rates": [shorten(rate) for rate in rates],
        "losses": losses,
        "smoothed": [shorten(value) for value in smoothed],
        "valley": shorten(valley(rates[seen], smoothed[seen])),
        "steep": shorten(steep(rates[seen], smoothed[seen])),
    }


def make():
    return {
        "cases": [
            curve("smooth", 0.0, 1e-2, 1.5, 20),
            curve("noisy", 0.3, 1e-2, 1.5, 20),
            curve("very noisy", 1.0, 1e-2, 0.8, 5, seed=2),
            curve("early", 0.2, 1e-4, 1.0, 2, seed=3),
            curve("cut off", 0.2, 1e-2, 1.5, 20, done=81, seed=4),
        ]
    }

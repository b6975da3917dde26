"""loss.json: class weights, label smoothing, mixup and CutMix.

Three kinds of cases:

    loss       {name, logits: specification, labels, classWeights, labelSmoothing, share, loss, gradient}
    mix        {name, pictures: specification, share, centre: [row, column] or null, mixedShare, mixed}
    training   {name, parameters, pictures, labels, classWeights, labelSmoothing, mixes, rate, losses, state}

The loss is torch.nn.CrossEntropyLoss(weight, label_smoothing); of a mixed batch it is that by the own
labels and that by the labels in reverse order, in the shares lambda and 1 - lambda, as in mixup's
mixup_criterion. timm is not needed: its formulas (timm/data/mixup.py: rand_bbox, cutmix_bbox_and_lam
with correct_lam, _mix_batch, mixup_target) are written down here again, and where there are no class
weights, its soft targets are checked to give the same loss. `pictures` of a training are of one step
after the other, their seeds one apart; `mixes` has {share, centre} of each.
"""

import math

import torch
import torch.nn.functional as F

from common import fill, numbers, shorten, spec, whole_or_summary


def timm_targets(labels, classes, share, smoothing):
    """timm's mixup_target: rows of off and on values, mixed with themselves in reverse order."""
    off = smoothing / classes
    rows = torch.full((len(labels), classes), off, dtype=torch.float64)
    rows.scatter_(1, labels.view(-1, 1), 1 - smoothing + off)
    return rows * share + rows.flip(0) * (1 - share)


def mixed_loss(logits, labels, weights, smoothing, share):
    weight = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    criterion = torch.nn.CrossEntropyLoss(weight=weight, label_smoothing=smoothing)
    loss = share * criterion(logits, labels) + (1 - share) * criterion(logits, labels.flip(0))
    if weights is None:
        targets = timm_targets(labels, logits.shape[1], share, smoothing)
        soft = (-targets * F.log_softmax(logits, dim=-1)).sum(dim=-1).mean()
        torch.testing.assert_close(loss, soft)
    return loss


def clip(value, most):
    return min(max(value, 0), most)


def mix(pictures, share, centre):
    """The mixed pictures, and the share that is left of each own picture."""
    if centre is None:
        return pictures * share + pictures.flip(0) * (1 - share), share
    height, width = pictures.shape[-2:]
    ratio = math.sqrt(1 - share)
    cut_height, cut_width = int(height * ratio), int(width * ratio)
    row, column = centre
    top, bottom = clip(row - cut_height // 2, height), clip(row + cut_height // 2, height)
    left, right = clip(column - cut_width // 2, width), clip(column + cut_width // 2, width)
    mixed = pictures.clone()
    mixed[:, :, top:bottom, left:right] = pictures.flip(0)[:, :, top:bottom, left:right]
    return mixed, 1 - (bottom - top) * (right - left) / (height * width)


def loss_case(name, shape, labels, weights=None, smoothing=0.0, share=1.0, scale=2.0):
    of = spec(shape, 7, scale)
    logits = fill(of).requires_grad_()
    loss = mixed_loss(logits, torch.tensor(labels), weights, smoothing, share)
    loss.backward()
    return {
        "kind": "loss", "name": name, "logits": of, "labels": labels,
        "classWeights": weights, "labelSmoothing": smoothing, "share": share,
        "loss": shorten(loss.item()), "gradient": whole_or_summary(logits.grad),
    }


def mix_case(name, shape, share, centre=None):
    of = spec(shape, 11)
    mixed, left = mix(fill(of), share, centre)
    return {
        "kind": "mix", "name": name, "pictures": of, "share": share, "centre": centre,
        "mixedShare": shorten(left), "mixed": whole_or_summary(mixed),
    }


def training_case(name, weights, smoothing, mixes):
    """A linear layer on pictures of 3x4x4 and four classes, SGD with momentum 0.9."""
    shapes = {"classifier.0.weight": [4, 48], "classifier.0.bias": [4]}
    specs = {key: spec(shape, 3 + i, 0.2) for i, (key, shape) in enumerate(shapes.items())}
    parameters = {key: fill(of).requires_grad_() for key, of in specs.items()}
    labels = [0, 3, 1, 1, 2]
    rate = 0.05
    optimizer = torch.optim.SGD(parameters.values(), lr=rate, momentum=0.9)
    first = spec([len(labels), 3, 4, 4], 20)
    losses = []
    for step, (share, centre) in enumerate(mixes):
        mixed, left = mix(fill({**first, "seed": first["seed"] + step}), share, centre)
        logits = F.linear(mixed.flatten(1), *parameters.values())
        loss = mixed_loss(logits, torch.tensor(labels), weights, smoothing, left)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(shorten(loss.item()))
    return {
        "kind": "training", "name": name, "parameters": specs, "pictures": first, "labels": labels,
        "classWeights": weights, "labelSmoothing": smoothing,
        "mixes": [{"share": share, "centre": centre} for share, centre in mixes],
        "rate": rate, "losses": losses,
        "state": {key: numbers(parameter) for key, parameter in parameters.items()},
    }


def make():
    labels, weights = [3, 0, 6, 3, 1], [1.0, 0.5, 2.0, 3.0, 1.0, 0.25, 1.5]
    plain = [(1.0, None)] * 10
    added = [(0.9 - 0.08 * step, None) for step in range(10)]
    both = [(share, [step % 4, 3 - step % 3] if step % 2 else None) for step, (share, _) in enumerate(added)]
    return {"cases": [
        loss_case("class weights", (5, 7), labels, weights),
        loss_case("label smoothing", (5, 7), labels, smoothing=0.1),
        loss_case("class weights and label smoothing", (5, 7), labels, weights, 0.2),
        loss_case("mixed", (5, 7), labels, share=0.3),
        loss_case("mixed and smoothed", (5, 7), labels, smoothing=0.1, share=0.3),
        loss_case("mixed, class weights and label smoothing", (5, 7), labels, weights, 0.2, 0.65),
        loss_case("large logits, class weights and label smoothing", (5, 7), labels, weights, 0.2, 0.65, 80.0),
        mix_case("mixup", (4, 3, 5, 5), 0.3),
        mix_case("mixup, an odd batch", (3, 3, 4, 4), 0.8),
        mix_case("CutMix", (4, 3, 8, 8), 0.75, [4, 3]),
        mix_case("CutMix, cut off at two sides", (3, 3, 8, 8), 0.4, [0, 7]),
        mix_case("CutMix, too small for a pixel", (2, 3, 8, 8), 0.99, [4, 4]),
        mix_case("CutMix, the whole picture", (2, 3, 8, 8), 0.0, [4, 4]),
        training_case("ten steps with class weights and label smoothing", [1.0, 0.5, 2.0, 3.0], 0.1, plain),
        training_case("ten steps with mixup", None, 0.0, added),
        training_case("ten steps with all of them", [1.0, 0.5, 2.0, 3.0], 0.1, both),
    ]}

"""models.json: every model at a small size: logits, loss, gradients and ten steps of training.

A case: {model, width, size, classes, batch, parameters: [{name, shape, seed, scale, offset}],
images: specification, labels, dropoutMasks: [{name, shape, seed, rate}], logits, loss,
gradients: {name: summary}, tenSteps, tenStepsPaper}.

- `width` multiplies the filters and hidden units, not the classes; sizes are rounded.
- A parameter's name is torchvision's: features.N and classifier.N count every entry of the two
  lists, ReLU, pooling, normalisation and dropout included.
- `logits` are those of evaluation. `loss`, the gradients and all steps use the dropout masks: an
  element is kept, and doubled, where value(i, seed) >= 0 (rate 0.5). The masks are in the order of
  use; a name is that of the Dropout entry.
- The ten steps repeat one batch and the same masks; losses[k] is the loss before update k.
  tenSteps follows torch.optim.SGD with decay on everything; tenStepsPaper the paper's rule with
  biases at twice the rate and without decay. `parameters` are those after the tenth step, with
  `change`, the l2 norm of their difference from the start.

Scales are chosen so that activations stay alive and normalisation has something to do: weights are
uniform with variance 2 / fan-in; where the model normalises, images are large, and the layer after
the first normalisation makes up for it.
"""

import math
from types import MappingProxyType

import torch
import torch.nn.functional as F
from torch import nn

import norms
from common import fill, numbers, shorten, spec, summary
from updates import paper_step

STEPS = 10
MOMENTUM = 0.9
DECAY = 0.0005


class LocalResponseNorm(nn.Module):
    """alpha multiplies the sum."""

    def __init__(self, norm, size, alpha, beta, k):
        super().__init__()
        self.norm, self.settings = norm, (size, alpha, beta, k)

    def forward(self, x):
        return self.norm(x, *self.settings)


class MaskedDropout(nn.Module):
    """Inverted dropout at rate 0.5 with a mask given from outside."""

    mask = None

    def forward(self, x):
        return x * self.mask * 2 if self.training else x


class Model(nn.Module):
    """Two lists of layers. The first Linear takes what the features give for this picture size."""

    def __init__(self, features, classifier, size):
        super().__init__()
        self.features = nn.Sequential(*features)
        with torch.no_grad():
            inputs = self.features(torch.zeros(1, 3, size, size)).numel()
        layers = []
        for layer in classifier:
            if isinstance(layer, int):
                layer, inputs = nn.Linear(inputs, layer), layer
            layers.append(layer)
        self.classifier = nn.Sequential(*layers)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def scaled(width):
    return lambda n: max(1, math.floor(n * width + 0.5))


def alexnet(width, size, classes):
    n, relu, drop = scaled(width), nn.ReLU, MaskedDropout
    return Model([
        nn.Conv2d(3, n(64), 11, stride=4, padding=2), relu(), nn.MaxPool2d(3, 2),
        nn.Conv2d(n(64), n(192), 5, padding=2), relu(), nn.MaxPool2d(3, 2),
        nn.Conv2d(n(192), n(384), 3, padding=1), relu(),
        nn.Conv2d(n(384), n(256), 3, padding=1), relu(),
        nn.Conv2d(n(256), n(256), 3, padding=1), relu(), nn.MaxPool2d(3, 2),
    ], [drop(), n(4096), relu(), drop(), n(4096), relu(), classes], size)


def alexnet_2012(width, size, classes):
    relu, drop = nn.ReLU, MaskedDropout
    plain = scaled(width)

    def n(count):
        return 2 * max(1, math.floor(plain(count) / 2 + 0.5))

    def norm():
        return LocalResponseNorm(norms.across_channels, 5, 1e-4, 0.75, 2.0)

    return Model([
        nn.Conv2d(3, n(96), 11, stride=4, padding=2), relu(), norm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(n(96), n(256), 5, padding=2, groups=2), relu(), norm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(n(256), n(384), 3, padding=1), relu(),
        nn.Conv2d(n(384), n(384), 3, padding=1, groups=2), relu(),
        nn.Conv2d(n(384), n(256), 3, padding=1, groups=2), relu(), nn.MaxPool2d(3, 2),
    ], [n(4096), relu(), drop(), n(4096), relu(), drop(), classes], size)


def alexnet_cifar(width, size, classes):
    n, relu, drop = scaled(width), nn.ReLU, MaskedDropout
    return Model([
        nn.Conv2d(3, n(64), 3, padding=1), relu(), nn.MaxPool2d(3, 2),
        nn.Conv2d(n(64), n(192), 5, padding=2), relu(), nn.MaxPool2d(3, 2),
        nn.Conv2d(n(192), n(384), 3, padding=1), relu(),
        nn.Conv2d(n(384), n(256), 3, padding=1), relu(),
        nn.Conv2d(n(256), n(256), 3, padding=1), relu(), nn.MaxPool2d(3, 2),
    ], [drop(), n(1024), relu(), drop(), n(1024), relu(), classes], size)


def cuda_convnet(normalised, hidden):
    def build(width, size, classes):
        n, relu = scaled(width), nn.ReLU

        def norm():
            if not normalised:
                return []
            return [LocalResponseNorm(norms.within_map, 3, 5e-5 / 3**2, 0.75, 1.0)]

        def pool():
            return nn.AvgPool2d(3, 2, ceil_mode=True)

        return Model([
            nn.Conv2d(3, n(32), 5, padding=2), nn.MaxPool2d(3, 2, ceil_mode=True), relu(), *norm(),
            nn.Conv2d(n(32), n(32), 5, padding=2), relu(), pool(), *norm(),
            nn.Conv2d(n(32), n(64), 5, padding=2), relu(), pool(),
        ], [*([n(64), relu()] if hidden else []), classes], size)

    return build


MODELS = {
    "alexnet": alexnet,
    "alexnet-2012": alexnet_2012,
    "alexnet-cifar": alexnet_cifar,
    "80sec": cuda_convnet(normalised=False, hidden=True),
    "19pct": cuda_convnet(normalised=False, hidden=False),
    "18pct": cuda_convnet(normalised=True, hidden=False),
}

# Sizes known from the literature: a slip in the tables above would show here.
PARAMETERS = {
    ("alexnet", 224, 1000): 61_100_840,
    ("alexnet-2012", 224, 1000): 60_965_224,
    ("18pct", 32, 10): 89_578,
}


def count_parameters(name, size, classes):
    return sum(parameter.numel() for parameter in MODELS[name](1, size, classes).parameters())


def describe_parameters(model, seed, damp):
    """Specifications: weights uniform with variance 2 / fan-in, times `damp`; small biases."""
    for i, (name, parameter) in enumerate(model.named_parameters()):
        scale = 0.1
        if name.endswith("weight"):
            scale = math.sqrt(6 / parameter[0].numel()) * damp.get(name, 1)
        yield {"name": name, **spec(parameter.shape, seed + i, scale)}


def load(model, parameters, dtype):
    with torch.no_grad():
        for of, parameter in zip(parameters, model.parameters()):
            parameter.copy_(fill(of).to(dtype))


def describe_masks(model, images, seed):
    """Specifications of the masks, found by a run in which every Dropout notes its input's shape."""
    masks = []
    hooks = [
        layer.register_forward_hook(
            lambda layer, inputs, output, name=name: masks.append(
                {"name": name, "shape": list(inputs[0].shape), "seed": seed + len(masks), "rate": 0.5}
            )
        )
        for name, layer in model.named_modules()
        if isinstance(layer, MaskedDropout)
    ]
    model.eval()
    model(images)
    for hook in hooks:
        hook.remove()
    return masks


def set_masks(model, masks, dtype):
    layers = dict(model.named_modules())
    for of in masks:
        values = fill(spec(of["shape"], of["seed"]))
        layers[of["name"]].mask = (values >= 0).to(dtype)


def ten_steps(model, images, labels, rate, rule):
    """Trains in place; returns the losses."""
    losses = []
    if rule == "pytorch":
        optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=MOMENTUM, weight_decay=DECAY)
    velocities = [torch.zeros_like(parameter) for parameter in model.parameters()]
    for _ in range(STEPS):
        model.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        losses.append(loss.item())
        if rule == "pytorch":
            optimizer.step()
            continue
        with torch.no_grad():
            for (name, w), v in zip(model.named_parameters(), velocities):
                bias = name.endswith("bias")
                paper_step(w, v, w.grad, rate * (2 if bias else 1), MOMENTUM, 0 if bias else DECAY)
    return losses


def describe_steps(model, parameters, losses, rate, rule):
    biases = {"biasRateFactor": 2, "biasWeightDecay": 0} if rule == "paper" else {}
    after = {}
    for of, (name, w) in zip(parameters, model.named_parameters()):
        after[name] = {**summary(w), "change": shorten((w - fill(of)).norm().item())}
    return {
        "rule": rule, "rate": rate, "momentum": MOMENTUM, "weightDecay": DECAY, **biases,
        "losses": [shorten(loss) for loss in losses], "parameters": after,
    }


def case(index, name, width, size, classes, batch, rate, image_scale=1.0, damp=MappingProxyType({}), check=False):
    model = MODELS[name](width, size, classes).double()
    seed = 1000 * (index + 1)
    parameters = list(describe_parameters(model, seed, damp))
    images_spec = spec([batch, 3, size, size], seed + 100, image_scale)
    images = fill(images_spec)
    labels = [(3 * i + 1) % classes for i in range(batch)]
    targets = torch.tensor(labels)
    load(model, parameters, torch.float64)
    masks = describe_masks(model, images, seed + 200)
    set_masks(model, masks, torch.float64)

    model.eval()
    logits = model(images)
    model.train()
    loss = F.cross_entropy(model(images), targets)
    loss.backward()
    gradients = {key: summary(parameter.grad) for key, parameter in model.named_parameters()}
    result = {
        "model": name, "width": width, "size": size, "classes": classes, "batch": batch,
        "parameters": parameters, "images": images_spec, "labels": labels, "dropoutMasks": masks,
        "logits": numbers(logits), "loss": shorten(loss.item()), "gradients": gradients,
    }
    for key, rule in (("tenSteps", "pytorch"), ("tenStepsPaper", "paper")):
        load(model, parameters, torch.float64)
        losses = ten_steps(model, images, targets, rate, rule)
        result[key] = describe_steps(model, parameters, losses, rate, rule)
        if check:
            compare_float32(f"{name} {rule}", model, parameters, images, targets, masks, rate, rule, losses)
    return result


def compare_float32(title, model, parameters, images, targets, masks, rate, rule, losses):
    """Prints how far the same ten steps in float32 end from the golden ones."""
    expected = [parameter.detach().clone() for parameter in model.parameters()]
    model.float()
    load(model, parameters, torch.float32)
    set_masks(model, masks, torch.float32)
    single = ten_steps(model, images.float(), targets, rate, rule)
    loss_error = max(abs(a - b) for a, b in zip(single, losses))
    moved = max(
        ((w.double() - e).norm() / (e - fill(of)).norm()).item()
        for w, e, of in zip(model.parameters(), expected, parameters)
    )
    print(f"{title}: loss {losses[0]:.4f} to {losses[-1]:.4f}; float32: losses within {loss_error:.1e}, "
          f"parameters within {moved:.1e} of their change")
    model.double()
    set_masks(model, masks, torch.float64)


def make(check=False):
    for (name, size, classes), count in PARAMETERS.items():
        assert count_parameters(name, size, classes) == count, name
    small = 1 / 16
    settings = [
        ("alexnet", small, 63, 5, 4, 3e-4),
        ("alexnet-2012", small, 67, 5, 4, 1e-4, 20.0, {"features.4.weight": 0.2}),
        ("alexnet-cifar", small, 32, 10, 4, 5e-4),
        ("80sec", 0.25, 32, 10, 4, 0.003),
        ("19pct", 0.25, 32, 10, 4, 0.003),
        ("18pct", 0.25, 32, 10, 4, 5e-5, 30.0, {"features.4.weight": 0.1}),
    ]
    return {"cases": [case(i, *setting, check=check) for i, setting in enumerate(settings)]}

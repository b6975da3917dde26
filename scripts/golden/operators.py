"""operators.json: outputs and gradients of every operator on small inputs.

A case: {name, op, attributes, inputs: [specification], output: {shape, values}, outputGradient:
specification, gradients: [values, one per input]}. `values` is the flat list of numbers, or, above
400 numbers, {length, sum, norm, stride, sample}.
"""

import torch
import torch.nn.functional as F

import norms
from common import fill, spec, whole_or_summary


def conv2d(x, w, b, stride, padding, groups):
    return F.conv2d(x, w, b, stride=stride, padding=padding, groups=groups)


def max_pool(x, kernel, stride, padding, ceil):
    return F.max_pool2d(x, kernel, stride, padding, ceil_mode=ceil)


def avg_pool(x, kernel, stride, ceil):
    return F.avg_pool2d(x, kernel, stride, ceil_mode=ceil)


def local_response_norm(x, size, alpha, beta, k, across):
    if across == "map":
        return norms.within_map(x, size, alpha, beta, k)
    result = norms.across_channels(x, size, alpha, beta, k)
    torch.testing.assert_close(result, F.local_response_norm(x, size, alpha * size, beta, k))
    return result


def softmax_cross_entropy(logits, labels):
    return F.cross_entropy(logits, torch.tensor(labels))


def soft_target_cross_entropy(logits, targets):
    return F.cross_entropy(logits, fill(targets))


OPERATORS = {
    "conv2d": conv2d,
    "linear": F.linear,
    "relu": F.relu,
    "tanh": torch.tanh,
    "maxPool2d": max_pool,
    "avgPool2d": avg_pool,
    "localResponseNorm": local_response_norm,
    "softmaxCrossEntropy": softmax_cross_entropy,
    "softTargetCrossEntropy": soft_target_cross_entropy,
}


def make():
    cases = []

    def case(name, op, shapes, scale=1.0, round=False, **attributes):
        seed = 100 * (len(cases) + 1)
        inputs = [spec(shape, seed + i, scale, round=round) for i, shape in enumerate(shapes)]
        tensors = [fill(of).requires_grad_() for of in inputs]
        output = OPERATORS[op](*tensors, **attributes)
        if output.dim() == 0:
            dy = spec([], seed + 50, 0.0, 1.0)
        else:
            dy = spec(output.shape, seed + 50)
        output.backward(fill(dy))
        cases.append({
            "name": name,
            "op": op,
            "attributes": attributes,
            "inputs": inputs,
            "output": {"shape": list(output.shape), "values": whole_or_summary(output)},
            "outputGradient": dy,
            "gradients": [whole_or_summary(tensor.grad) for tensor in tensors],
        })

    def conv(name, x, w, stride=1, padding=0, groups=1):
        shapes = [x, w, w[:1]]
        case(f"conv2d {name}", "conv2d", shapes, stride=stride, padding=padding, groups=groups)

    conv("3x3, padding 1", (2, 3, 6, 7), (4, 3, 3, 3), padding=1)
    conv("11x11, stride 4, padding 2", (2, 3, 23, 23), (4, 3, 11, 11), stride=4, padding=2)
    conv("two groups", (2, 4, 5, 6), (6, 2, 3, 3), padding=1, groups=2)
    conv("5x5, padding 2", (2, 2, 7, 6), (3, 2, 5, 5), padding=2)
    conv("5x5, padding 2, two groups, many channels", (2, 16, 7, 7), (32, 8, 5, 5), padding=2, groups=2)
    conv("stride 3, one row and two columns left over", (2, 2, 8, 9), (3, 2, 4, 4), stride=3)
    conv("stride 2, one row left over", (2, 2, 8, 7), (3, 2, 3, 3), stride=2)
    conv("stride 2, padding 1, half the padding left over", (2, 3, 8, 10), (2, 3, 3, 3), stride=2, padding=1)
    conv("1x1", (3, 5, 4, 3), (6, 5, 1, 1))
    conv("one image, one channel, kernel as large as the input", (1, 1, 5, 5), (2, 1, 5, 5))

    case("linear", "linear", [(4, 7), (5, 7), (5,)])
    case("linear, one row", "linear", [(1, 33), (9, 33), (9,)])
    case("relu", "relu", [(2, 3, 4, 5)])
    case("relu, with zeros: the gradient at zero is zero", "relu", [(2, 3, 4)], scale=1.5, round=True)
    case("tanh", "tanh", [(2, 3, 4, 5)], scale=3.0)

    def pool(op, name, shape, kernel, stride, ceil, **more):
        padding = {"padding": 0} if op == "maxPool2d" else {}
        case(f"{op} {name}", op, [shape], kernel=kernel, stride=stride, ceil=ceil, **padding, **more)

    for op in ("maxPool2d", "avgPool2d"):
        pool(op, "3/2", (2, 2, 7, 9), 3, 2, False)
        pool(op, "3/2, floor, a row and a column left over", (2, 2, 8, 6), 3, 2, False)
        pool(op, "3/2, ceil, last windows clipped", (2, 2, 8, 6), 3, 2, True)
        pool(op, "3/2, ceil, nothing to clip", (1, 2, 7, 5), 3, 2, True)
        pool(op, "2/2", (2, 2, 6, 8), 2, 2, False)
        pool(op, "2/2, ceil, odd size", (2, 2, 5, 7), 2, 2, True)
    for ceil in (False, True):
        words = "ceil" if ceil else "floor"
        name = f"3/2, {words}, many ties: the first maximum takes the gradient"
        pool("maxPool2d", name, (2, 3, 8, 8), 3, 2, ceil, scale=2.0, round=True)

    def norm(name, shape, size, alpha, beta, k, across, **more):
        case(f"localResponseNorm {name}", "localResponseNorm", [shape],
             size=size, alpha=alpha, beta=beta, k=k, across=across, **more)

    norm("channels, size 5", (2, 8, 3, 3), 5, 0.5, 0.75, 2.0, "channels")
    norm("channels, size 3, k 1", (2, 6, 2, 3), 3, 0.5, 0.75, 1.0, "channels")
    norm("channels, even size 4", (2, 7, 2, 3), 4, 0.5, 0.75, 1.0, "channels")
    norm("channels, size larger than the channels", (2, 3, 3, 3), 9, 0.5, 0.5, 1.0, "channels")
    norm("channels, the paper's values", (2, 8, 3, 3), 5, 1e-4, 0.75, 2.0, "channels", scale=50.0)
    norm("map, size 3", (2, 3, 5, 6), 3, 0.5, 0.75, 1.0, "map")
    norm("map, size 5, beta 0.5, k 2", (2, 2, 7, 6), 5, 0.5, 0.5, 2.0, "map")
    norm("map, cuda-convnet's values", (2, 3, 6, 5), 3, 5e-5 / 9, 0.75, 1.0, "map", scale=100.0)

    labels = [3, 0, 6, 3, 1]
    case("softmaxCrossEntropy", "softmaxCrossEntropy", [(5, 7)], scale=2.0, labels=labels)
    case("softmaxCrossEntropy, large logits", "softmaxCrossEntropy", [(5, 7)], scale=80.0, labels=labels)
    case("softmaxCrossEntropy, one row", "softmaxCrossEntropy", [(1, 1000)], labels=[999])

    for name, scale in (("", 2.0), (", large logits", 80.0)):
        targets = spec((5, 7), 1, 0.5, 0.5)
        case(f"softTargetCrossEntropy{name}", "softTargetCrossEntropy", [(5, 7)], scale=scale, targets=targets)

    return {"cases": cases}

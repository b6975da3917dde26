"""Local response normalisation in the project's canonical form: alpha multiplies the sum.

    b = a / (k + alpha * sum of a^2)^beta

PyTorch, Caffe and cuda-convnet divide alpha by the number of summed elements; that is
alpha = theirs / size across channels and theirs / size^2 within a map.
"""

import torch.nn.functional as F


def across_channels(x, size, alpha, beta, k):
    """Sums channels c - size//2 ... c - size//2 + size - 1, as far as they exist."""
    channels = x.shape[1]
    squares = F.pad(x * x, (0, 0, 0, 0, size // 2, size - 1 - size // 2))
    total = sum(squares[:, i : i + channels] for i in range(size))
    return x / (k + alpha * total) ** beta


def within_map(x, size, alpha, beta, k):
    """Sums the size x size window centred on the element, as far as it lies inside the map."""
    before, after = size // 2, size - 1 - size // 2
    squares = F.pad(x * x, (before, after, before, after))
    total = F.avg_pool2d(squares, size, stride=1) * size**2
    return x / (k + alpha * total) ** beta

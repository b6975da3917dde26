"""updates.json: ten steps of the learning rules on one small parameter, with given gradients.

    pytorch   v <- mu v + (g + lambda w);               w <- w - rate v     (torch.optim.SGD itself)
    paper     v <- mu v - lambda rate w - rate g;       w <- w + v          (by hand)

The rate drops after step 5, where the two part: the paper's velocity holds the old rate.
A case: {name, rule, momentum, weightDecay, rates, parameter: specification, gradients: one
specification a step, steps: [{parameter, velocity}]}; the velocity starts at zero.
"""

import torch

from common import fill, numbers, spec

RATES = [0.1] * 5 + [0.01] * 5


def pytorch_rule(parameter, gradients, rates, momentum, decay):
    w = parameter.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=rates[0], momentum=momentum, weight_decay=decay)
    for gradient, rate in zip(gradients, rates):
        optimizer.param_groups[0]["lr"] = rate
        w.grad = gradient.clone()
        optimizer.step()
        yield w, optimizer.state[w]["momentum_buffer"]


def paper_step(w, v, gradient, rate, momentum, decay):
    """One step in place; models.py uses it too."""
    v.mul_(momentum).sub_(decay * rate * w).sub_(rate * gradient)
    w.add_(v)


def paper_rule(parameter, gradients, rates, momentum, decay):
    w, v = parameter.clone(), torch.zeros_like(parameter)
    for gradient, rate in zip(gradients, rates):
        paper_step(w, v, gradient, rate, momentum, decay)
        yield w, v


def make():
    cases = []
    rules = {"pytorch": pytorch_rule, "paper": paper_rule}
    for name, rule, rates, momentum, decay in [
        ("pytorch", "pytorch", RATES, 0.9, 0.0005),
        ("paper", "paper", RATES, 0.9, 0.0005),
        ("pytorch, strong decay", "pytorch", RATES, 0.9, 0.5),
        ("paper, strong decay", "paper", RATES, 0.9, 0.5),
        ("paper, bias: twice the rate, no decay", "paper", [2 * rate for rate in RATES], 0.9, 0.0),
    ]:
        parameter = spec([2, 3], 1)
        gradients = [spec([2, 3], 10 + step) for step in range(len(rates))]
        run = rules[rule](fill(parameter), [fill(of) for of in gradients], rates, momentum, decay)
        cases.append({
            "name": name,
            "rule": rule,
            "momentum": momentum,
            "weightDecay": decay,
            "rates": rates,
            "parameter": parameter,
            "gradients": gradients,
            "steps": [{"parameter": numbers(w), "velocity": numbers(v)} for w, v in run],
        })
    return {"cases": cases}

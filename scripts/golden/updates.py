"""updates.json: ten steps of the optimizers on two small parameters, with given gradients.

    sgd, rule pytorch    torch.optim.SGD
    sgd, rule nesterov   torch.optim.SGD with nesterov=True
    sgd, rule paper      v <- mu v - lambda rate w - rate g;  w <- w + v     (by hand)
    adamw                torch.optim.AdamW
    clipNorm             torch.nn.utils.clip_grad_norm_, before the step
    accumulate           .grad is summed over so many batches, each divided by their number, before a step; the last
                         step takes those that are left
    average              a <- d a + (1 - d) w, after the step, a = w at first (by hand)

The rate drops after step 5, where paper and pytorch part: the paper's velocity holds the old rate.
A case: {name, optimizer: settings as in a recipe, rates, parameters: one specification each,
gradients: for each step one specification each, accumulate: where it is more than 1, steps: for each
step the state by its names, null where a gradient has only been added}. What an optimizer keeps starts
at zero.
"""

import torch

from common import fill, numbers, spec

RATES = [0.1] * 5 + [0.01] * 5
SHAPES = {"w0": [2, 3], "w1": [5]}


def paper_step(w, v, gradient, rate, momentum, decay):
    """One step in place; models.py uses it too."""
    v.mul_(momentum).sub_(decay * rate * w).sub_(rate * gradient)
    w.add_(v)


class Paper:
    """The paper's rule, with what of torch.optim's interface is needed here."""

    def __init__(self, parameters, lr, momentum, weight_decay):
        self.param_groups = [{"lr": lr}]
        self.state = {w: {"momentum_buffer": torch.zeros_like(w)} for w in parameters}
        self.settings = momentum, weight_decay

    def step(self):
        with torch.no_grad():
            for w, kept in self.state.items():
                paper_step(w, kept["momentum_buffer"], w.grad, self.param_groups[0]["lr"], *self.settings)


def make_optimizer(settings, parameters, rate):
    decay = settings["weightDecay"]
    if settings["kind"] == "adamw":
        betas = (settings["beta1"], settings["beta2"])
        return torch.optim.AdamW(parameters, lr=rate, betas=betas, eps=settings["epsilon"], weight_decay=decay)
    if settings["rule"] == "paper":
        return Paper(parameters, lr=rate, momentum=settings["momentum"], weight_decay=decay)
    nesterov = settings["rule"] == "nesterov"
    return torch.optim.SGD(
        parameters, lr=rate, momentum=settings["momentum"], weight_decay=decay, nesterov=nesterov
    )


KEPT = {"momentum_buffer": "velocity", "exp_avg": "moment1", "exp_avg_sq": "moment2"}


def run(settings, parameters, gradients, rates, accumulate=1):
    weights = {name: fill(of).requires_grad_() for name, of in parameters.items()}
    averages = {name: w.detach().clone() for name, w in weights.items()}
    optimizer = make_optimizer(settings, list(weights.values()), rates[0])
    for step, (given, rate) in enumerate(zip(gradients, rates)):
        optimizer.param_groups[0]["lr"] = rate
        first = step - step % accumulate
        batches = min(accumulate, len(gradients) - first)
        for name, w in weights.items():
            share = fill(given[name]) / batches
            w.grad = share if step == first else w.grad + share
        if step < first + batches - 1:
            yield None
            continue
        if "clipNorm" in settings:
            torch.nn.utils.clip_grad_norm_(list(weights.values()), settings["clipNorm"])
        optimizer.step()
        state = {}
        for name, w in weights.items():
            state[name] = numbers(w)
            for key, slot in KEPT.items():
                if key in optimizer.state[w]:
                    state[f"{slot}:{name}"] = numbers(optimizer.state[w][key])
            if "average" in settings:
                decay = settings["average"]
                averages[name].mul_(decay).add_((1 - decay) * w.detach())
                state[f"average:{name}"] = numbers(averages[name])
            if accumulate > 1:
                state[f"accumulated:{name}"] = numbers(torch.zeros_like(w))
        yield state


def sgd(rule, decay=0.0005, **more):
    return {"kind": "sgd", "momentum": 0.9, "weightDecay": decay, "rule": rule, **more}


def adamw(**more):
    return {"kind": "adamw", "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "weightDecay": 0.1, **more}


def make():
    cases = []
    for name, optimizer, rates, *accumulate in [
        ("pytorch", sgd("pytorch"), RATES),
        ("paper", sgd("paper"), RATES),
        ("nesterov", sgd("nesterov"), RATES),
        ("pytorch, strong decay", sgd("pytorch", 0.5), RATES),
        ("paper, strong decay", sgd("paper", 0.5), RATES),
        ("nesterov, strong decay", sgd("nesterov", 0.5), RATES),
        ("paper, bias: twice the rate, no decay", sgd("paper", 0.0), [2 * rate for rate in RATES]),
        ("adamw", adamw(), RATES),
        ("pytorch, clipped", sgd("pytorch", clipNorm=1.25), RATES),
        ("adamw, clipped", adamw(clipNorm=1.25), RATES),
        ("pytorch, averaged", sgd("pytorch", average=0.8), RATES),
        ("adamw, clipped and averaged", adamw(clipNorm=1.25, average=0.8), RATES),
        ("pytorch, accumulated", sgd("pytorch"), RATES, 3),
        ("adamw, clipped, averaged and accumulated", adamw(clipNorm=0.75, average=0.8), RATES, 4),
    ]:
        parameters = {key: spec(shape, 1 + i) for i, (key, shape) in enumerate(SHAPES.items())}
        gradients = [
            {key: spec(shape, 10 + 2 * step + i) for i, (key, shape) in enumerate(SHAPES.items())}
            for step in range(len(rates))
        ]
        cases.append({
            "name": name,
            "optimizer": optimizer,
            "rates": rates,
            "parameters": parameters,
            "gradients": gradients,
            **({"accumulate": accumulate[0]} if accumulate else {}),
            "steps": list(run(optimizer, parameters, gradients, rates, *accumulate)),
        })
    return {"cases": cases}

"""schedules.json: the learning rate of each step of a short run, by PyTorch's schedulers.

    constant with warm-up       LinearLR
    steps, drops with warm-up   ChainedScheduler of LinearLR and StepLR, MultiStepLR: their factors are multiplied,
                                and epochs count from the beginning of the run
    cosine                      CosineAnnealingLR, behind a warm-up by SequentialLR
    one-cycle                   OneCycleLR

A warm-up of W steps is LinearLR with start_factor 1/(W + 1) and total_iters W. A case: {name, schedule: settings as
in a recipe, rate, epochs, batchesPerEpoch, rates: one for each step}.
"""

import warnings

import torch
from torch.optim import lr_scheduler as schedulers

from common import shorten

RATE = 0.1


def rates_of(scheduler, steps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    schedule = scheduler(optimizer)
    rates = []
    for step in range(steps):
        rates.append(shorten(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        if step + 1 < steps:
            schedule.step()
    return rates


def warm(optimizer, steps):
    return schedulers.LinearLR(optimizer, start_factor=1 / (steps + 1), total_iters=steps)


def warmed_and(other, warmup_steps):
    """The product of a warm-up and another schedule."""
    return lambda optimizer: schedulers.ChainedScheduler([warm(optimizer, warmup_steps), other(optimizer)])


def cosine(steps, warmup_steps, to):
    def make(optimizer):
        fall = schedulers.CosineAnnealingLR(optimizer, T_max=steps - warmup_steps, eta_min=to * RATE)
        if warmup_steps == 0:
            return fall
        return schedulers.SequentialLR(optimizer, [warm(optimizer, warmup_steps), fall], milestones=[warmup_steps])

    return make


def one_cycle(steps, pct_start=0.3, anneal="cosine", div=25.0, final_div=1e4, three_phase=False):
    return lambda optimizer: schedulers.OneCycleLR(
        optimizer,
        max_lr=RATE,
        total_steps=steps,
        pct_start=pct_start,
        anneal_strategy={"cosine": "cos", "linear": "linear"}[anneal],
        div_factor=div,
        final_div_factor=final_div,
        three_phase=three_phase,
        cycle_momentum=False,
    )


def make():
    warnings.filterwarnings("ignore", module="torch.optim.lr_scheduler")  # SequentialLR's own use of step(0)
    cycles = {"kind": "one-cycle"}
    cases = []
    for name, schedule, epochs, batches, scheduler in [
        ("constant, warm-up", {"kind": "constant", "warmup": 2}, 4, 3, lambda o: warm(o, 6)),
        ("constant, warm-up of half an epoch", {"kind": "constant", "warmup": 0.5}, 2, 6, lambda o: warm(o, 3)),
        (
            "steps, warm-up",
            {"kind": "steps", "every": 2, "factor": 0.5, "warmup": 3},
            7,
            4,
            warmed_and(lambda o: schedulers.StepLR(o, step_size=8, gamma=0.5), 12),
        ),
        (
            "drops, warm-up",
            {"kind": "drops", "at": [3, 5], "factor": 0.1, "warmup": 1},
            6,
            4,
            warmed_and(lambda o: schedulers.MultiStepLR(o, milestones=[12, 20], gamma=0.1), 4),
        ),
        ("cosine", {"kind": "cosine"}, 5, 4, cosine(20, 0, 0)),
        ("cosine, warm-up", {"kind": "cosine", "warmup": 2}, 6, 4, cosine(24, 8, 0)),
        ("cosine to a tenth, warm-up", {"kind": "cosine", "to": 0.1, "warmup": 1}, 4, 5, cosine(20, 5, 0.1)),
        ("one-cycle", cycles, 5, 5, one_cycle(25)),
        ("one-cycle, linear", {**cycles, "anneal": "linear"}, 5, 5, one_cycle(25, anneal="linear")),
        (
            "one-cycle, other factors",
            {**cycles, "pctStart": 0.25, "divFactor": 10, "finalDivFactor": 100},
            3,
            8,
            one_cycle(24, 0.25, div=10.0, final_div=100.0),
        ),
        (
            "one-cycle, three phases",
            {**cycles, "pctStart": 0.4, "threePhase": True},
            4,
            6,
            one_cycle(24, 0.4, three_phase=True),
        ),
        (
            "one-cycle, three phases, linear",
            {**cycles, "threePhase": True, "anneal": "linear"},
            5,
            4,
            one_cycle(20, anneal="linear", three_phase=True),
        ),
    ]:
        cases.append({
            "name": name,
            "schedule": schedule,
            "rate": RATE,
            "epochs": epochs,
            "batchesPerEpoch": batches,
            "rates": rates_of(scheduler, epochs * batches),
        })
    return {"cases": cases}

"""Writes the golden numbers, tests/golden/*.json, with PyTorch, torchvision, Pillow and scikit-image.

    apt install python3-torch libopenblas0-pthread python3-pil python3-skimage python3-torchvision
    python3 scripts/golden/make.py            writes all files
    python3 scripts/golden/make.py updates    writes updates.json alone, for which PyTorch is enough
    python3 scripts/golden/make.py --check    also says how far float32 strays from them

    operators.json   every operator: outputs and gradients
    updates.json     ten steps of the optimizers
    loss.json        class weights, label smoothing, mixup and CutMix
    batch-norm.json  batch normalisation over three batches, and in evaluation
    models.json      every model: logits, loss, gradients, and ten steps of training
    transforms.json  resizing, resized crops and rotations of pictures
    schedules.json   the learning rate of each step of a run
    lr-find.json     the rates that a search suggests
    colours.json     colour jitter and RandAugment

PyTorch is an independent witness here: the models are written down from the published tables, not
from this project's own code. Everything is computed in float64 and deterministic; another BLAS or
version of PyTorch may move the last of the nine digits that are printed.
"""

import argparse
import importlib
import os
import pathlib
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # one order of summation, so the same digits every time
sys.dont_write_bytecode = True

import torch  # noqa: E402

from common import write  # noqa: E402

FILES = ["operators", "updates", "loss", "batch-norm", "models", "transforms", "schedules", "colours", "lr-find"]

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE", help=f"which to write: {', '.join(FILES)}")
    parser.add_argument("--check", action="store_true", help="compare with the same computation in float32")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.files if name not in FILES]
    if unknown:
        parser.error(f"there is no {unknown[0]}: expected {', '.join(FILES)}")
    torch.use_deterministic_algorithms(True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in arguments.files or FILES:
        make = importlib.import_module(name.replace("-", "_")).make
        content = make(arguments.check) if name == "models" else make()
        path = FOLDER / f"{name}.json"
        write(path, content)
        print(f"{path.relative_to(FOLDER.parents[1])}: {len(content['cases'])} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

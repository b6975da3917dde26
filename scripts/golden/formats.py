"""Writes tests/golden/formats/: files of PyTorch and ONNX as other programs write them, and what they hold.

    apt install python3-torch python3-onnx libopenblas0-pthread
    python3 scripts/golden/formats.py

Weights and pictures come from the formula of common.py. expected.json holds for each network its parameters (by the
formula), its pictures and PyTorch's logits; for each file of single tensors their values; for each broken or malicious file
a part of the error that names what is wrong. No file of these is dangerous to this project, but do not open system*.pth in
Python with torch.load: they call os.system("echo pwned").
"""

import os
import pathlib
import pickle
import struct
import sys
import zipfile

os.environ["OMP_NUM_THREADS"] = "1"
sys.dont_write_bytecode = True

import numpy  # noqa: E402
import onnx  # noqa: E402
import torch  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from torch import nn  # noqa: E402

from common import fill, numbers, spec, write  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "formats"
CLASSES = 7
# The parameters are chosen so that ReLUs stay alive and the logits are of the order of 1.
SCALE = 1.8


class AlexNet(nn.Module):
    """torchvision's AlexNet, narrow, for pictures of 63x63, which leave 1x1 for the head."""

    def __init__(self, normalised=False):
        super().__init__()
        lrn = [nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)] if normalised else []
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 11, stride=4, padding=2), nn.ReLU(inplace=True), *lrn, nn.MaxPool2d(3, 2),
            nn.Conv2d(4, 6, 5, padding=2), nn.ReLU(inplace=True), *lrn, nn.MaxPool2d(3, 2),
            nn.Conv2d(6, 8, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(8, 6, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(6, 5, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
        )  # fmt: skip
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(5, 12), nn.ReLU(inplace=True),
            nn.Dropout(), nn.Linear(12, 10), nn.ReLU(inplace=True),
            nn.Linear(10, CLASSES),
        )  # fmt: skip

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class Normalised(nn.Module):
    """alexnet-cifar with batch normalisation behind each convolution, narrow, for pictures of 16x16."""

    def __init__(self):
        super().__init__()

        def conv(inputs, outputs, kernel):
            layer = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)
            return [layer, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]

        self.features = nn.Sequential(
            *conv(3, 4, 3), nn.MaxPool2d(3, 2),
            *conv(4, 6, 5), nn.MaxPool2d(3, 2),
            *conv(6, 8, 3), *conv(8, 6, 3), *conv(6, 5, 3), nn.MaxPool2d(3, 2),
        )  # fmt: skip
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(5, 12), nn.ReLU(inplace=True),
            nn.Dropout(), nn.Linear(12, 10), nn.ReLU(inplace=True),
            nn.Linear(10, CLASSES),
        )  # fmt: skip

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class Viewed(AlexNet):
    """Flattened as older code does it, which ONNX writes as a shape that is worked out."""

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.view(x.size(0), -1))


class Caffe(nn.Module):
    """bvlc_alexnet, narrow: groups, LRN with k = 1, pictures of 227x227 without padding, blue green red."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 11, stride=4)
        self.conv2 = nn.Conv2d(4, 6, 5, padding=2, groups=2)
        self.conv3 = nn.Conv2d(6, 8, 3, padding=1)
        self.conv4 = nn.Conv2d(8, 6, 3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(6, 4, 3, padding=1, groups=2)
        self.fc6 = nn.Linear(4 * 6 * 6, 12)
        self.fc7 = nn.Linear(12, 10)
        self.fc8 = nn.Linear(10, CLASSES)
        self.lrn = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)

    def forward(self, x):
        x = self.pool(self.lrn(torch.relu(self.conv1(x))))
        x = self.pool(self.lrn(torch.relu(self.conv2(x))))
        x = torch.relu(self.conv3(x))
        x = torch.relu(self.conv4(x))
        x = self.pool(torch.relu(self.conv5(x)))
        x = torch.flatten(x, 1)
        x = torch.relu(self.fc6(x))
        x = torch.relu(self.fc7(x))
        return self.fc8(x)


def prepare(model):
    """Fills the parameters; returns their specifications."""
    specs = []
    for number, (name, parameter) in enumerate(model.named_parameters()):
        fan_in = parameter[0].numel() if parameter.dim() > 1 else 10
        of = spec(parameter.shape, 100 + number, SCALE * (3 / fan_in) ** 0.5 if parameter.dim() > 1 else 0.1)
        parameter.data = fill(of).float()
        specs.append({"name": name, **of})
    model.eval()
    return specs


def case(name, model, images, files, **more):
    specs = prepare(model)
    with torch.no_grad():
        logits = model(fill(images).float())
    return {"name": name, "files": files, "parameters": specs, "images": images, "logits": numbers(logits), **more}


def save(value, name, **options):
    torch.save(value, FOLDER / name, **options)


def networks():
    images = spec([2, 3, 63, 63], 1)
    model = AlexNet()
    files = ["zip.pth", "legacy.pth", "protocol4.pth", "nested.pth", "parameters.pth", "float64.pth", "alexnet.onnx", "open.onnx", "old.onnx"]
    plain = case("alexnet", model, images, files, side=63)
    state = model.state_dict()
    save(state, "zip.pth")
    save(state, "legacy.pth", _use_new_zipfile_serialization=False)
    save(state, "protocol4.pth", pickle_protocol=4)
    prefixed = {f"module.{name}": tensor for name, tensor in state.items()}
    save({"epoch": 3, "best": 0.5, "arch": "alexnet", "state_dict": prefixed, "optimizer": {"param_groups": [{"lr": 0.1}]}}, "nested.pth")
    save(dict(model.named_parameters()), "parameters.pth")
    save({name: tensor.double() for name, tensor in state.items()}, "float64.pth")
    save({name: tensor.half() for name, tensor in state.items()}, "half.pth")
    save({name: tensor.bfloat16() for name, tensor in state.items()}, "bfloat16.pth")
    save(model, "module.pth")
    save(model, "module-legacy.pth", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.script(model), str(FOLDER / "script.pt"))
    save({name: (tensor * 10).int() for name, tensor in state.items()}, "integers.pth")
    example = torch.zeros(1, 3, 63, 63)
    torch.onnx.export(model, example, str(FOLDER / "alexnet.onnx"))
    torch.onnx.export(
        model, example, str(FOLDER / "open.onnx"), input_names=["x"], output_names=["y"],
        dynamic_axes={"x": {0: "batch", 2: "height", 3: "width"}, "y": {0: "batch"}},
    )  # fmt: skip
    viewed = Viewed()
    prepare(viewed)
    # Dropout stays in, as in files that are to be trained further; opset 9 is of 2019.
    torch.onnx.export(viewed, example, str(FOLDER / "old.onnx"), opset_version=9, keep_initializers_as_inputs=True)
    missing = onnx.load(str(FOLDER / "alexnet.onnx"))
    [index] = [i for i, tensor in enumerate(missing.graph.initializer) if tensor.name == "features.3.weight"]
    del missing.graph.initializer[index]
    onnx.save(missing, str(FOLDER / "missing.onnx"))
    external = onnx.load(str(FOLDER / "alexnet.onnx"))
    onnx.save(external, str(FOLDER / "external.onnx"), save_as_external_data=True, location="external.bin", size_threshold=0)
    (FOLDER / "external.bin").unlink()

    caffe = Caffe()
    grouped = case("bvlc-alexnet", caffe, spec([1, 3, 227, 227], 2), ["caffe.safetensors", "bvlcalexnet.onnx"], side=227)
    write_safetensors(caffe.state_dict(), FOLDER / "caffe.safetensors")
    bvlcalexnet(caffe)
    return [plain, grouped, normalised()]


def normalised():
    """Its running statistics are buffers, which stand behind the parameters here."""
    model = Normalised()
    of = case("alexnet-cifar", model, spec([2, 3, 16, 16], 3), ["batch-norm.pth", "batch-norm.safetensors"], side=16)
    buffers = []
    for number, (name, buffer) in enumerate(model.named_buffers()):
        if name.endswith("num_batches_tracked"):
            buffer.fill_(7)
            continue
        is_variance = name.endswith("running_var")
        of_buffer = spec(buffer.shape, 300 + number, 0.3, 1.0 if is_variance else 0.0)
        buffer.copy_(fill(of_buffer))
        buffers.append({"name": name, **of_buffer})
    with torch.no_grad():
        logits = model(fill(of["images"]).float())
    save(model.state_dict(), "batch-norm.pth")
    write_safetensors(model.state_dict(), FOLDER / "batch-norm.safetensors")
    return {**of, "parameters": of["parameters"] + buffers, "logits": numbers(logits)}


def write_safetensors(state, path):
    """The format, by hand."""
    header, data = {}, b""
    for name, tensor in state.items():
        values = tensor.numpy().tobytes()
        dtype = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = __import__("json").dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def bvlcalexnet(model):
    """As in the ONNX model zoo: opset 8, weights listed as inputs, pads at the ends, Reshape, Dropout, Softmax."""
    nodes, initializers = [], []
    value = "data_0"

    def add(op, inputs=(), **attributes):
        nonlocal value
        output = f"{op.lower()}_{len(nodes)}"
        outputs = [output, f"mask_{len(nodes)}"] if op == "Dropout" else [output]
        nodes.append(helper.make_node(op, [value, *inputs], outputs, **attributes))
        value = output

    def weights(name):
        for part in ["weight", "bias"]:
            tensor = getattr(getattr(model, name), part).detach().numpy()
            initializers.append(numpy_helper.from_array(tensor, f"{name}_{part[0]}_0"))
        return [f"{name}_w_0", f"{name}_b_0"]

    def conv(name, **attributes):
        add("Conv", weights(name), **attributes)
        add("Relu")

    def pool(end):
        add("MaxPool", kernel_shape=[3, 3], pads=[0, 0, end, end], strides=[2, 2])

    lrn = {"alpha": 1e-4, "beta": 0.75, "bias": 1.0, "size": 5}
    conv("conv1", kernel_shape=[11, 11], pads=[0, 0, 0, 0], strides=[4, 4])
    add("LRN", **lrn)
    pool(1)
    conv("conv2", kernel_shape=[5, 5], pads=[2, 2, 2, 2], strides=[1, 1], group=2)
    add("LRN", **lrn)
    pool(1)
    conv("conv3", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1])
    conv("conv4", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1], group=2)
    conv("conv5", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1], group=2)
    pool(1)
    initializers.append(numpy_helper.from_array(numpy.array([1, 144], dtype=numpy.int64), "shape"))
    add("Reshape", ["shape"])
    for name in ["fc6", "fc7"]:
        add("Gemm", weights(name), transB=1)
        add("Relu")
        add("Dropout", ratio=0.5)
    add("Gemm", weights("fc8"), transB=1)
    add("Softmax")
    inputs = [helper.make_tensor_value_info("data_0", TensorProto.FLOAT, [1, 3, 227, 227])]
    inputs += [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in initializers]
    outputs = [helper.make_tensor_value_info(value, TensorProto.FLOAT, [1, CLASSES])]
    graph = helper.make_graph(nodes, "bvlcalexnet", inputs, outputs, initializers)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 8)], ir_version=3)
    onnx.checker.check_model(made)
    onnx.save(made, str(FOLDER / "bvlcalexnet.onnx"))


def views():
    """Tensors that are not the whole of their storage in order."""
    base = torch.arange(24, dtype=torch.float32)
    block = base.view(2, 3, 4)
    tensors = {
        "whole": block,
        "transposed": block.transpose(0, 2),
        "permuted": block.permute(1, 2, 0),
        "sliced": block[:, 1:, ::2],
        "column": base.view(4, 6)[:, 3],
        "tail": base[20:],
        "scalar": base[7],
        "empty": base[3:3],
        "diagonal": torch.diagonal(base[:16].view(4, 4)),
        "expanded": torch.tensor([[1.5], [2.5]]).expand(2, 3),
        "channels_last": torch.arange(36, dtype=torch.float32).view(1, 3, 3, 4).contiguous(memory_format=torch.channels_last),
        "half": block.half().transpose(1, 2),
    }
    save(tensors, "views.pth")
    save(tensors, "views-legacy.pth", _use_new_zipfile_serialization=False)
    return {
        "files": ["views.pth", "views-legacy.pth"],
        "tensors": {name: {"shape": list(t.shape), "values": numbers(t)} for name, t in tensors.items()},
    }


class System:
    def __reduce__(self):
        return os.system, ("echo pwned",)


class Evaluate:
    def __reduce__(self):
        return eval, ("1",)


def rewritten(source, target, change):
    """A zip of PyTorch whose entries went through `change(name, data)`, stored as they are."""
    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(FOLDER / target, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))


def broken():
    save({"weight": torch.zeros(1), "extra": System()}, "system.pth")
    save({"weight": torch.zeros(1), "extra": System()}, "system-legacy.pth", _use_new_zipfile_serialization=False)
    (FOLDER / "system-0.pth").write_bytes(pickle.dumps(System(), protocol=0))
    (FOLDER / "eval.pth").write_bytes(pickle.dumps(Evaluate(), protocol=4))
    with zipfile.ZipFile(FOLDER / "bomb.pth", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("archive/data.pkl", b"\x80\x02}.")
        bomb.writestr("archive/data/0", bytes(10_000_000))
    # An expanded tensor of 2^40 elements on a storage of one.
    save({"huge": torch.zeros(1).expand(2**20, 2**20)}, "expanded.pth")
    rewritten("zip.pth", "short.pth", lambda name, data: data[:-4] if name.endswith("data/0") else data)
    whole = (FOLDER / "zip.pth").read_bytes()
    (FOLDER / "truncated.pth").write_bytes(whole[: len(whole) // 2])
    legacy = (FOLDER / "legacy.pth").read_bytes()
    (FOLDER / "truncated-legacy.pth").write_bytes(legacy[: len(legacy) // 2])
    (FOLDER / "truncated.onnx").write_bytes((FOLDER / "alexnet.onnx").read_bytes()[:5000])
    (FOLDER / "header.safetensors").write_bytes(struct.pack("<Q", 2**31) + b"{}")
    f32 = '{{"a":{{"dtype":"F32","shape":[2],"data_offsets":[0,8]}},"b":{{"dtype":"F32","shape":[2],"data_offsets":[{},{}]}}}}'
    for name, begin, end in [("overlap.safetensors", 4, 12), ("beyond.safetensors", 8, 16)]:
        header = f32.format(begin, end).encode()
        (FOLDER / name).write_bytes(struct.pack("<Q", len(header)) + header + bytes(12))
    return {
        "system.pth": "posix.system",
        "system-legacy.pth": "posix.system",
        "system-0.pth": "posix.system",
        "eval.pth": "builtins.eval",
        "bomb.pth": "is compressed",
        "expanded.pth": "holds more values than the file has bytes",
        "short.pth": "reaches element",
        "truncated.pth": "the end of the zip is missing",
        "truncated-legacy.pth": "are left",
        "module.pth": "__main__.AlexNet",
        "module-legacy.pth": "__main__.AlexNet",
        "script.pt": "TorchScript",
        "integers.pth": "expected real numbers",
        "missing.onnx": 'its weight "features.3.weight" is missing',
        "external.onnx": "lies in another file",
        "truncated.onnx": "damaged",
        "header.safetensors": "header: expected at most 2 bytes, got 2147483648",
        "overlap.safetensors": "overlaps another",
        "beyond.safetensors": "offsets within 12 bytes",
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.use_deterministic_algorithms(True)
    content = {"cases": networks(), "views": views(), "broken": broken()}
    write(FOLDER / "expected.json", content)
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""A training step in PyTorch, timed by bench.ts beside Jaccard's engines.

Reads one request a line from stdin, a JSON object, and answers each with one line on stdout. The network is built
from the same layer spec as in every engine, in the form a practitioner would write: modules, autograd, Adam. Images
are floats already, as a data loader would hand them over; dropout factors are given, as they are to the engines.
"""

import json
import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

FOREGROUND, UNKNOWN = 1, 2

# Below it lie only unions without foreground, of which the intersection is 0.
SMALLEST_UNION = 1e-12


class Network(nn.Module):
    """The layers of a spec, in execution order; `shapes` has the channels and the side length of every output."""

    def __init__(self, layers, size):
        super().__init__()
        self.layers = layers
        self.convolutions = nn.ModuleDict()
        self.shapes = {}
        for layer in layers:
            name, op = layer["name"], layer["op"]
            if op == "input":
                self.shapes[name] = (layer["channels"], size)
                continue
            if op == "concat":
                one, other = (self.shapes[source] for source in layer["inputs"])
                self.shapes[name] = (one[0] + other[0], one[1])
                continue
            channels, side = self.shapes[layer["input"]]
            if op == "conv":
                filters, kernel = layer["filters"], layer["kernel"]
                self.convolutions[name] = nn.Conv2d(channels, filters, kernel, padding=kernel // 2)
                self.shapes[name] = (filters, side)
            elif op == "convTranspose":
                filters, kernel, stride = layer["filters"], layer["kernel"], layer["stride"]
                self.convolutions[name] = nn.ConvTranspose2d(
                    channels, filters, kernel, stride, padding=(kernel - stride) // 2
                )
                self.shapes[name] = (filters, side * stride)
            elif op == "maxPool":
                self.shapes[name] = (channels, side // 2)
            elif op == "dropout":
                self.shapes[name] = (channels, side)
            else:
                raise ValueError(f"There is no layer {op}.")

    def forward(self, images, dropout):
        outputs = {}
        for layer in self.layers:
            name, op = layer["name"], layer["op"]
            if op == "input":
                output = images
            elif op == "concat":
                output = torch.cat([outputs[source] for source in layer["inputs"]], dim=1)
            elif op == "maxPool":
                output = F.max_pool2d(outputs[layer["input"]], 2)
            elif op == "dropout":
                output = outputs[layer["input"]]
                if name in dropout:
                    output = output * dropout[name]
            else:
                output = self.convolutions[name](outputs[layer["input"]])
                if layer["activation"] == "relu":
                    output = F.relu(output, inplace=True)
            outputs[name] = output
        return output


def loss_of(loss, relu_logits, logits, labels):
    """The losses of src-core/learning/losses.ts: soft IoU, cross entropy, or their sum, over the known pixels."""
    if loss not in ("iou", "xent", "iou+xent"):
        raise ValueError(f"PyTorch's side has the losses iou, xent and iou+xent, not {loss}.")
    foreground = (labels == FOREGROUND).float()
    known = (labels != UNKNOWN).float()
    if logits.shape[1] == 1:
        margin = logits[:, 0]
    else:
        clipped = F.relu(logits) if relu_logits else logits
        margin = clipped[:, 1] - clipped[:, 0]
    total = 0
    if "iou" in loss:
        p = torch.sigmoid(margin)
        intersection = (p * foreground).sum()
        union = foreground.sum() + (p * (known - foreground)).sum()
        total = total + known.sum().clamp(max=1) - intersection / union.clamp(min=SMALLEST_UNION)
    if "xent" in loss:
        entropy = F.softplus(margin * (1 - 2 * foreground)) * known
        total = total + entropy.sum() / known.sum().clamp(min=1)
    return total


class Peer:
    """What the requests act on."""

    def open(self, request):
        torch.set_num_threads(request["threads"])
        self.cuda = torch.cuda.is_available()
        self.device = torch.device("cuda" if self.cuda else "cpu")
        self.format = torch.channels_last if request["channelsLast"] else torch.contiguous_format
        # What a practitioner switches on for images of one size, and against slow tiny numbers.
        torch.backends.cudnn.benchmark = True
        torch.set_flush_denormal(True)
        return {
            "type": "opened",
            "device": self.describe(),
            "software": False,
        }

    def describe(self):
        if self.cuda:
            tf32 = ", TF32 convolutions" if torch.backends.cudnn.allow_tf32 else ""
            return f"{torch.cuda.get_device_name()} (CUDA {torch.version.cuda}{tf32})"
        facts = [f"{torch.get_num_threads()} threads", *libraries()]
        return f"CPU ({', '.join(facts)})"

    def prepare(self, request):
        spec, work = request["spec"], request["work"]
        self.build(spec, work["loss"], work["reluLogits"])
        self.optimiser = torch.optim.Adam(
            self.network.parameters(), lr=work["learningRate"], fused=True if self.cuda else None
        )
        count, size = work["batch"], spec["size"]
        images = torch.rand(count, 3, size, size).contiguous(memory_format=self.format)
        labels = (torch.arange(count * size * size) // 32 % 2).to(torch.uint8).view(count, size, size)
        self.batch = [images.pin_memory(), labels.pin_memory()] if self.cuda else [images, labels]
        self.dropout = {}
        for layer in spec["layers"]:
            if layer["op"] == "dropout" and work["dropout"] > 0:
                channels, side = self.network.shapes[layer["name"]]
                kept = (torch.rand(count, channels, side, side) >= work["dropout"]).float()
                self.dropout[layer["name"]] = self.placed(kept / (1 - work["dropout"]))
        return {"type": "prepared"}

    def build(self, spec, loss, relu_logits):
        self.network = Network(spec["layers"], spec["size"]).to(self.device, memory_format=self.format)
        self.loss = lambda logits, labels: loss_of(loss, relu_logits, logits, labels)

    def placed(self, array):
        return array.to(self.device).contiguous(memory_format=self.format)

    def steps(self, request):
        """Steps in a row; the loss is read back after the last, which waits for the device."""
        start = time.perf_counter()
        for _ in range(request["count"]):
            images, labels = (array.to(self.device, non_blocking=True) for array in self.batch)
            self.optimiser.zero_grad()
            loss = self.loss(self.network(images, self.dropout), labels)
            loss.backward()
            self.optimiser.step()
        loss.item()
        if self.cuda:
            torch.cuda.synchronize()
        milliseconds = (time.perf_counter() - start) * 1000 / request["count"]
        return {"type": "stepped", "milliseconds": milliseconds, "peakMemory": peak_memory()}

    def gradients(self, request):
        """Loss and gradients of given weights and a given batch, all arrays in Jaccard's layout, flat."""
        spec, objective, batch = request["spec"], request["objective"], request["batch"]
        # Whether it is the same network is asked in full precision.
        torch.backends.cudnn.allow_tf32 = False
        self.build(spec, objective["loss"], objective["reluLogits"])
        count, size = batch["count"], spec["size"]
        with torch.no_grad():
            for name, values in request["weights"].items():
                parameter = self.parameter(name)
                values = torch.tensor(values)
                if parameter.dim() == 4:
                    # [kh, kw, in, out] as [out, in, kh, kw]; transposed [kh, kw, out, in] as [in, out, kh, kw].
                    outer, inner, height, width = parameter.shape
                    values = values.view(height, width, inner, outer).permute(3, 2, 0, 1)
                parameter.copy_(values)
        images = torch.tensor(batch["images"]).view(count, size, size, 3).permute(0, 3, 1, 2) / 255
        labels = torch.tensor(batch["labels"]).view(count, size, size)
        dropout = {}
        for name, factors in batch["dropout"].items():
            channels, side = self.network.shapes[name]
            factors = torch.tensor(factors).view(count, side, side, channels).permute(0, 3, 1, 2)
            dropout[name] = self.placed(factors)
        loss = self.loss(self.network(self.placed(images), dropout), labels.to(self.device))
        loss.backward()
        gradients = {}
        for name in request["weights"]:
            gradient = self.parameter(name).grad
            if gradient.dim() == 4:
                gradient = gradient.permute(2, 3, 1, 0)
            gradients[name] = gradient.flatten().tolist()
        return {"type": "gradients", "loss": loss.item(), "gradients": gradients}

    def parameter(self, name):
        layer, part = name.split("/")
        convolution = self.network.convolutions[layer]
        return convolution.weight if part == "kernel" else convolution.bias


def libraries():
    """What computes on the CPU, as far as PyTorch and the system tell: matrix products, convolutions, vectors."""
    config = torch.__config__.show()
    facts = []
    blas = re.search(r"BLAS_INFO=(\w+)", config)
    if blas:
        facts.append({"mkl": "MKL"}.get(blas[1]) or loaded_blas() or f"{blas[1]} BLAS")
    onednn = re.search(r"MKL-DNN v([\d.]+)", config)
    if onednn and torch.backends.mkldnn.is_available():
        facts.append(f"oneDNN {onednn[1]}")
    vectors = re.search(r"CPU capability usage: (\w+)", config)
    if vectors:
        facts.append(vectors[1])
    return facts


def loaded_blas():
    """The library behind a BLAS that the system's linker chooses; None where that cannot be seen."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            paths = {line.split()[-1] for line in maps if "blas" in line.lower()}
    except OSError:
        return None
    if not paths:
        return None
    return "OpenBLAS" if any("openblas" in path.lower() for path in paths) else "reference BLAS"


def peak_memory():
    """The most memory this process has had, in bytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main():
    # Whatever a library prints goes beside the answers, not between them.
    answers, sys.stdout = sys.stdout, sys.stderr
    peer = Peer()
    handlers = {
        "open": peer.open,
        "prepare": peer.prepare,
        "steps": peer.steps,
        "gradients": peer.gradients,
    }
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps(handlers[request["type"]](request)) + "\n")
        answers.flush()


main()

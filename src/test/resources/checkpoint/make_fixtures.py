"""Writes the fixtures of CheckpointReaderTest with PyTorch and safetensors.

Run in this folder: python make_fixtures.py (written with torch 2.13.0, safetensors 0.8.0, numpy 2.4).
Beside each file NAME lies NAME.json: {"key": {"shape": [...], "bits": [...]}} in the order of the file:
the values converted to float32 by PyTorch, as the integers that their bits spell.
"""

import argparse
import collections
import datetime
import json
import pathlib
import struct
import zipfile
import zlib

import numpy
import safetensors.torch
import torch
from torch.nn.utils import prune

HERE = pathlib.Path(__file__).parent
torch.manual_seed(7)


def expect(name, state_dict):
    expected = {
        key: {
            "shape": list(tensor.shape),
            "bits": tensor.detach().to(torch.float32).flatten().view(torch.int32).tolist(),
        }
        for key, tensor in state_dict.items()
    }
    (HERE / (name + ".json")).write_text(json.dumps(expected) + "\n")


def save(name, state_dict, wrapped=None, **options):
    torch.save(state_dict if wrapped is None else wrapped, HERE / name, **options)
    expect(name, state_dict)


def network():
    layer = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
    for tensor in layer.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(torch.randn(tensor.shape))
    return layer


def kinds():
    """Every number format, with the values that conversions get wrong."""
    special = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, 1e-30, float("inf"), float("-inf")])
    return collections.OrderedDict(
        float64=special.double() * 1.0000000001,
        float32=special,
        float16=special.half(),
        bfloat16=(special * 1.01).bfloat16(),
        int64=torch.tensor([[0, -1], [2**40 + 1, -(2**62)]]),
        int32=torch.tensor([0, -1, 2**30 + 1], dtype=torch.int32),
        int16=torch.tensor([0, -1, -32768], dtype=torch.int16),
        int8=torch.tensor([0, -1, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 128, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]),
        scalar=torch.tensor(3.5),
        empty=torch.zeros(0, 4),
    )


def views():
    """Strided windows; all of them share one storage."""
    base = torch.arange(120, dtype=torch.float32)
    block = base[24:].view(4, 4, 6)
    return collections.OrderedDict(
        whole=base,
        offset=base[100:],
        transposed=block.permute(2, 0, 1),
        column=block[1, :, 2],
        every_second=base[3::2],
        channels_last=base.view(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
        repeated=base[5:6].expand(2, 3),
        singleton=block[:, 1:2, 3:4],
    )


def other_keys():
    """Dicts whose keys are no texts, beside the weights."""
    weights = collections.OrderedDict(weight=torch.arange(6, dtype=torch.float32).view(2, 3))
    return weights, {
        "state_dict": weights,
        "classes": {numpy.int64(0): "rain", numpy.int64(1): "snow"},
        "codes": {b"R": 1, b"S": 2},
        "devices": {torch.device("cpu"): 0, torch.device("cuda:0"): 1},
        "days": {datetime.date(2026, 1, 1): 3, datetime.date(2026, 1, 2): 5},
    }


def empty_views():
    """Windows without an element, which may begin behind the end of their storage."""
    base = torch.arange(16, dtype=torch.float32).view(4, 4)
    return collections.OrderedDict(whole=base, at_end=base[4:], beyond=base[4:, 2:2])


def derived():
    """Weights that the layers compute from others at every call, and what they compute."""
    torch.manual_seed(11)
    utils = torch.nn.utils
    layers = collections.OrderedDict(
        hook=utils.weight_norm(torch.nn.Conv2d(2, 3, 3)),
        parametrized=utils.parametrizations.weight_norm(torch.nn.Conv2d(2, 3, 3)),
        columns=utils.weight_norm(torch.nn.ConvTranspose2d(2, 3, 3), dim=1),
        whole=utils.weight_norm(torch.nn.Linear(4, 3), dim=None),
        whole_parametrized=utils.parametrizations.weight_norm(torch.nn.Linear(4, 3), dim=None),
        single=utils.weight_norm(torch.nn.Conv2d(2, 1, 3, bias=False)),
        gru=utils.parametrizations.weight_norm(utils.weight_norm(torch.nn.GRU(2, 3), "weight_ih_l0"), "weight_hh_l0"),
        pruned=torch.nn.Conv2d(2, 3, 3),
    )
    for name in ("weight", "bias"):
        prune.l1_unstructured(layers["pruned"], name, 0.5)
    network = torch.nn.Sequential(layers)
    for key, tensor in network.state_dict().items():
        if key.endswith(("_g", "original0")):  # as training leaves it, not the norm of the direction
            tensor.mul_(torch.rand(tensor.shape) + 0.5)
    network.hook(torch.zeros(1, 2, 3, 3)), network.columns(torch.zeros(1, 2, 3, 3))
    network.whole(torch.zeros(4)), network.single(torch.zeros(1, 2, 3, 3)), network.gru(torch.zeros(1, 2))
    weights = {}
    for key in network.state_dict():
        layer, _, name = key.partition(".")
        name = name.removeprefix("parametrizations.").removesuffix(".original0").removesuffix(".original1")
        name = name.removesuffix("_g").removesuffix("_v").removesuffix("_orig").removesuffix("_mask")
        weights[f"{layer}.{name}"] = getattr(layers[layer], name)
    torch.save(network.state_dict(), HERE / "derived.bin")
    expect("derived.bin", weights)

    torch.save(utils.spectral_norm(torch.nn.Linear(2, 3)).state_dict(), HERE / "spectral.bin")
    parametrized = utils.parametrizations.spectral_norm(torch.nn.Linear(2, 3))
    torch.save(parametrized.state_dict(), HERE / "spectral_parametrized.bin")
    weight = torch.quantize_per_tensor(torch.randn(3, 2), 0.1, 0, torch.qint8)
    torch.save({"weight": weight}, HERE / "quantized.bin")
    torch.save({"weight": weight.int_repr()}, HERE / "bytes.bin")
    torch.save({"weight": torch.eye(3).to_sparse()}, HERE / "sparse.bin")


def zip64(source):
    """The same entries with every size and offset in ZIP64 fields, as in files beyond 4 GiB."""
    body, directory, count = bytearray(), bytearray(), 0
    far = 0xFFFFFFFF
    for name in source.namelist():
        content, encoded, offset = source.read(name), name.encode(), len(body)
        crc, size = zlib.crc32(content), len(content)
        extra = struct.pack("<HHQQ", 1, 16, size, size)
        local = (0x04034B50, 45, 0, 0, 0, 0, crc, far, far, len(encoded), len(extra))
        body += struct.pack("<IHHHHHIIIHH", *local) + encoded + extra + content
        extra = struct.pack("<HHHHHQQQ", 0x7777, 2, 0, 1, 24, size, size, offset)
        entry = (0x02014B50, 45, 45, 0, 0, 0, 0, crc, far, far, len(encoded), len(extra), 0, 0, 0, 0, far)
        directory += struct.pack("<IHHHHHHIIIHHHHHII", *entry) + encoded + extra
        count += 1
    start, length = len(body), len(directory)
    end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, length, start)
    end += struct.pack("<IIQI", 0x07064B50, 0, start + length, 1)
    end += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, far, far, 0)
    return bytes(body + directory + end)


def drop_debug_entries(path):
    """They name the paths of the machine that wrote the program."""
    with zipfile.ZipFile(path) as source:
        kept = [(i, source.read(i)) for i in source.infolist() if not i.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w") as target:
        for entry, content in kept:
            target.writestr(entry, content)


def side_by_side():
    """A network and its moving average, each in a dict of its own."""
    module = network()
    averaged = torch.optim.swa_utils.AveragedModel(
        module, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.5)
    )
    module[0].weight.data += 1
    averaged.update_parameters(module)
    averaged.update_parameters(module)
    states = {"model": module.state_dict(), "ema": averaged.state_dict()}
    prefixed = {f"{name}.{key}": tensor for name, state in states.items() for key, tensor in state.items()}
    optimizer = torch.optim.Adam(module.parameters())
    save("side_by_side.bin", prefixed, {"epoch": 3, **states, "optimizer": optimizer.state_dict()})


def main():
    state = network().state_dict()
    save("zip.bin", state)
    save("legacy.bin", state, _use_new_zipfile_serialization=False)
    save("protocol4.bin", state, pickle_protocol=4)
    save("protocol5.bin", state, pickle_protocol=5)
    save("legacy_protocol4.bin", state, pickle_protocol=4, _use_new_zipfile_serialization=False)
    save("kinds.bin", kinds())
    save("kinds_legacy.bin", kinds(), _use_new_zipfile_serialization=False)
    save("views.bin", views())
    save("views_legacy.bin", views(), _use_new_zipfile_serialization=False)
    save("empty_views.bin", empty_views())
    save("other_keys.bin", *other_keys())

    parameters = collections.OrderedDict(network().named_parameters())
    save("parameters.bin", parameters, {"model_state_dict": parameters, "loss": 0.5})
    prefixed = {"module.model." + key: tensor for key, tensor in state.items()}
    save("net_param.bin", prefixed, {"net_param": prefixed})
    save("own_wrapper.bin", state, {"epoch": 3, "weights": state, "history": {"loss": [1.0, 0.5]}})

    module = network()
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.randn(2, 2, 5, 5)).sum().backward()
    optimizer.step()
    lightning = {"model." + key: tensor for key, tensor in module.state_dict().items()}
    save(
        "lightning.bin",
        lightning,
        {
            "epoch": 4,
            "global_step": 2**40,
            "pytorch-lightning_version": "2.4.0",
            "state_dict": lightning,
            "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 5}}}},
            "callbacks": {
                "ModelCheckpoint{'monitor': 'val_loss'}": {
                    "best_model_score": torch.tensor(0.25),
                    "best_model_path": pathlib.PurePosixPath("runs/best.ckpt"),
                    "last": numpy.float64(0.5),
                }
            },
            "optimizer_states": [optimizer.state_dict()],
            "lr_schedulers": [],
            "hparams_name": "kwargs",
            "hyper_parameters": {
                "optimizer": torch.optim.Adam,
                "loss": torch.nn.MSELoss(),
                "arguments": argparse.Namespace(lr=0.1, betas=(0.9, 0.999), resume=None),
                "dtype": torch.float32,
                "device": torch.device("cuda:0"),
                "size": torch.Size([3, 4]),
                "seen": {1, 2},
                "huge": 2**100,
                "defaults": collections.defaultdict(list, {"a": [1]}),
            },
        },
    )

    averaged = torch.optim.swa_utils.AveragedModel(torch.compile(network()))
    save("averaged.bin", averaged.state_dict())
    side_by_side()

    derived()

    safetensors.torch.save_file(kinds(), HERE / "kinds.safetensors", metadata={"format": "pt"})
    (HERE / "kinds.safetensors").chmod(0o644)
    saved = safetensors.torch.load_file(HERE / "kinds.safetensors")
    header = (HERE / "kinds.safetensors").read_bytes()
    length = int.from_bytes(header[:8], "little")
    order = [key for key in json.loads(header[8 : 8 + length]) if key != "__metadata__"]
    expect("kinds.safetensors", {key: saved[key] for key in order})

    # What people do with an archive manager: other flags, other order, no alignment.
    with zipfile.ZipFile(HERE / "zip.bin") as source, zipfile.ZipFile(HERE / "rezipped.bin", "w") as target:
        for name in sorted(source.namelist()):
            target.writestr(zipfile.ZipInfo(name), source.read(name))
    expect("rezipped.bin", state)
    with zipfile.ZipFile(HERE / "zip.bin") as source:
        (HERE / "zip64.bin").write_bytes(zip64(source))
    expect("zip64.bin", state)
    with zipfile.ZipFile(HERE / "zip.bin") as source, zipfile.ZipFile(
        HERE / "deflated.bin", "w", zipfile.ZIP_DEFLATED
    ) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))

    class Outer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = torch.nn.Conv2d(1, 1, 1)

        def forward(
            self,
            frames: torch.Tensor,
            state: dict[str, tuple[torch.Tensor, int]],
            steps: int = 3,
            name: str = "a),b",
        ) -> tuple[torch.Tensor, list[int]]:
            return self.inner(frames) * steps, [steps]

    torch.jit.script(Outer()).save(HERE / "scripted.bin")
    torch.jit.trace(torch.nn.Conv2d(1, 1, 1), torch.zeros(1, 1, 2, 2)).save(HERE / "traced.bin")
    for name in ("scripted.bin", "traced.bin"):
        drop_debug_entries(HERE / name)


if __name__ == "__main__":
    main()

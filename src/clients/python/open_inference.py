"""A client of the Open Inference Protocol v2, written from its text and that of the binary tensor data extension, that
holds the answers against those of POST /forecast.

    python src/clients/python/open_inference.py http://localhost:8080 docs/sample

Of the service it knows the name of a model; inputs, outputs and their types come from the model's metadata. Needs numpy.
"""

import http.client
import io
import json
import pathlib
import sys
import urllib.parse

import numpy as np

TYPES = {"FP32": "<f4", "FP16": "<f2", "FP64": "<f8", "UINT8": "u1", "INT16": "<i2"}
LENGTH = "Inference-Header-Content-Length"


class Service:
    """HTTP with a body, and the protocol's two forms of a tensor on top."""

    def __init__(self, url):
        self.host = urllib.parse.urlsplit(url).netloc

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def get(self, path):
        status, _, body = self.call("GET", path)
        return status, json.loads(body) if body else None

    def infer(self, model, tensor, binary_in, binary_out, request_id="", **parameters):
        name, datatype, values = tensor
        data = values.astype(TYPES[datatype]).tobytes()
        declared = {"name": name, "datatype": datatype, "shape": list(values.shape)}
        if binary_in:
            declared["parameters"] = {"binary_data_size": len(data)}
        else:
            declared["data"] = [None if np.isnan(v) else v for v in values.astype(float).ravel().tolist()]
        header = {"id": request_id, "inputs": [declared], "parameters": parameters | {"binary_data_output": binary_out}}
        head = json.dumps(header).encode()
        headers = {"Content-Type": "application/json"}
        if binary_in:
            headers = {"Content-Type": "application/octet-stream", LENGTH: str(len(head))}
        status, told, body = self.call("POST", f"/v2/models/{model}/infer", head + (data if binary_in else b""), headers)
        split = int(told.get(LENGTH, len(body)))
        answer = json.loads(body[:split])
        if status != 200:
            return status, answer, None
        rest, outputs = body[split:], {}
        for output in answer["outputs"]:
            size = output.get("parameters", {}).get("binary_data_size")
            if size is None:
                flat = np.array([np.nan if v is None else v for v in output["data"]])
            else:
                flat, rest = np.frombuffer(rest[:size], TYPES[output["datatype"]]), rest[size:]
            outputs[output["name"]] = flat.astype(TYPES[output["datatype"]]).reshape(output["shape"])
        assert not rest, f"{len(rest)} bytes belong to no tensor"
        return status, answer, outputs


def main(url, sample):
    service = Service(url)
    assert service.call("GET", "/v2/health/live")[0] == 200
    assert service.call("GET", "/v2/health/ready")[0] == 200
    _, server = service.get("/v2")
    assert {"name", "version", "extensions"} <= server.keys(), server
    assert "binary_tensor_data" in server["extensions"], server
    model = "radar-convgru"
    assert service.call("GET", f"/v2/models/{model}/ready")[0] == 200
    _, about = service.get(f"/v2/models/{model}")
    assert {"name", "platform", "inputs", "outputs"} <= about.keys(), about
    given, made = about["inputs"][0], about["outputs"][0]

    frames = np.load(sample / "radar.npy")[:, :128, :128]
    rain = np.where(frames == 255, np.nan, 10 ** ((frames.astype(np.float32) / 2 - 32 - 23) / 16)).astype(np.float32)
    file = io.BytesIO()
    np.save(file, rain)
    status, _, body = service.call(
        "POST", "/forecast?steps=3&format=npy", file.getvalue(), {"Content-Type": "application/x-npy"})
    assert status == 200, body
    expected = np.load(io.BytesIO(body))
    for binary_in in (False, True):
        for binary_out in (False, True):
            status, answer, outputs = service.infer(
                model, (given["name"], given["datatype"], rain), binary_in, binary_out, request_id="7", steps=3)
            assert status == 200 and answer["id"] == "7" and answer["model_name"] == model, answer
            forecast = outputs[made["name"]]
            assert forecast.shape == expected.shape and np.array_equal(forecast, expected, equal_nan=True)
            print(f"{'binary' if binary_in else 'JSON':6} in, {'binary' if binary_out else 'JSON':6} out: "
                  f"{forecast.shape}, equal in every value to POST /forecast")
    for problem, wrong in {"unknown input": ("nothing", "FP32", rain), "two dimensions": (given["name"], "FP32", rain[0])}.items():
        status, answer, _ = service.infer(model, wrong, True, True)
        assert 400 <= status < 500 and list(answer) == ["error"], (status, answer)
        print(f"{problem}: {status} {answer['error']}")
    status, answer, _ = service.infer("absent", (given["name"], "FP32", rain), False, False)
    assert status == 404 and "error" in answer, (status, answer)


main(sys.argv[1], pathlib.Path(sys.argv[2]))

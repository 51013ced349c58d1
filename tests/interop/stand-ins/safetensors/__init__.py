"""Stands in for the package of the same name where it is not installed: the part that the documentation's programs use.

The format: the header's length in 8 bytes, little-endian, the header as JSON, then the tensors.
"""

import json

import numpy

DTYPES = {"F32": numpy.float32, "F64": numpy.float64, "I64": numpy.int64}


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for name, tensor in tensors.items():
        dtype = next(key for key, value in DTYPES.items() if value == tensor.dtype)
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + tensor.nbytes]}
        data += tensor.tobytes()
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


class safe_open:
    def __init__(self, path, framework):
        with open(path, "rb") as file:
            bytes = file.read()
        self.start = 8 + int.from_bytes(bytes[:8], "little")
        self.bytes, self.framework = bytes, framework
        self.tensors = json.loads(bytes[8:self.start])
        self.values = self.tensors.pop("__metadata__", None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def metadata(self):
        return self.values

    def keys(self):
        return self.tensors.keys()

    def get_tensor(self, name):
        tensor = self.tensors[name]
        first, last = (self.start + offset for offset in tensor["data_offsets"])
        values = numpy.frombuffer(self.bytes[first:last], DTYPES[tensor["dtype"]]).reshape(tensor["shape"]).copy()
        if self.framework == "numpy":
            return values
        import torch
        return torch.from_numpy(values)

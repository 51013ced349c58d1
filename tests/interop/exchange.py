"""Runs the Python programs of the documentation between files of MlpGen, in the present folder: exchange.py DOCS STEP.

.ci/interop calls the steps in order, with those of .NET between them.
"""

import importlib.util
import pathlib
import re
import sys
import warnings

import numpy
import torch

docs, step = pathlib.Path(sys.argv[1]), sys.argv[2]
if importlib.util.find_spec("safetensors") is None:
    sys.path.append(str(pathlib.Path(__file__).parent / "stand-ins"))


def program(name):
    """A program of a page, by the comment before it."""
    texts = [
        found[1]
        for page in sorted(docs.glob("*.md"))
        if (found := re.search(rf"<!-- python: {name} -->\s*```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
    ]
    (text,) = texts
    return compile(text, f"documentation, {name}", "exec")


def run(name, **names):
    exec(program(name), names)
    return names


def read(file):
    """Numbers of a file with a row a line, without its header if it has one."""
    lines = pathlib.Path(file).read_text().split()
    return numpy.array([[float(cell) for cell in line.split(",")[:3]] for line in lines if line[0] in "-.0123456789"])


def agree(what, ours, theirs):
    difference = numpy.abs(ours - theirs).max() / numpy.abs(theirs).max()
    print(f"{what}: {difference:.1e} of the largest output apart")
    assert ours.shape == theirs.shape and difference < 1e-5 and numpy.ptp(theirs) > 1e-3


def with_statistics(module):
    """A module whose batch normalizations have seen data."""
    for part in module.modules():
        if isinstance(part, torch.nn.BatchNorm1d):
            part.running_mean.uniform_(-1, 1)
            part.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(part.weight, 0.5, 1.5)
            torch.nn.init.uniform_(part.bias, -1, 1)
    return module.eval()


def table(name, columns, values):
    pathlib.Path(name).write_text("\n".join([",".join(columns)] + [",".join(map(repr, row)) for row in values.tolist()]) + "\n")


def from_torch(model):
    with torch.no_grad():
        return model(torch.from_numpy(rows)).numpy()


torch.manual_seed(1)
inputs = [f"x{i}" for i in range(30)]
random = numpy.random.default_rng(1)
rows = (random.normal(size=(200, 30)) * random.uniform(0.1, 30, 30) + random.uniform(-9, 9, 30)).astype(numpy.float32)
labels = ((rows[:, 0] - rows[:, 0].mean()) / rows[:, 0].std() > 0.3).astype(int)
means, deviations = rows.mean(axis=0), rows.std(axis=0)

chain = with_statistics(torch.nn.Sequential(
    torch.nn.Linear(30, 24), torch.nn.BatchNorm1d(24), torch.nn.ReLU(),
    torch.nn.Linear(24, 16), torch.nn.LayerNorm(16), torch.nn.GELU(), torch.nn.Dropout(0.5),
    torch.nn.Linear(16, 12), torch.nn.SiLU(), torch.nn.Linear(12, 3), torch.nn.Softmax(dim=-1)))
tail = with_statistics(torch.nn.Module())
tail.body = torch.nn.Sequential(torch.nn.Linear(30, 20), torch.nn.BatchNorm1d(20), torch.nn.ReLU(), torch.nn.Linear(20, 2))
tail.forward = lambda x: tail.body(x)
tail = with_statistics(tail)
pair = torch.nn.Sequential(torch.nn.Linear(30, 64), torch.nn.Tanh(), torch.nn.Linear(64, 1), torch.nn.Sigmoid())


def pipeline():
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that thirty epochs do not converge
        return make_pipeline(StandardScaler(), MLPClassifier((64,), activation="tanh", max_iter=30, random_state=1)).fit(rows, labels)


if step == "rows":
    table("rows.csv", inputs + ["y"], numpy.column_stack([rows, labels]))
    table("inputs.csv", inputs, rows)
elif step == "ours-to-torch":
    agree("ours in PyTorch", from_torch(run("safetensors-to-torch")["Net"]("ours.safetensors")), read("ours.csv"))
elif step == "ours-to-sklearn":
    agree("ours in scikit-learn", run("safetensors-to-sklearn", rows=rows, labels=labels)["probabilities"][:, None], read("ours.csv"))
elif step == "ours-to-onnx":
    import onnx
    onnx.checker.check_model(onnx.load("ours.onnx"), full_check=True)
    print(f"our file passes the checker of onnx {onnx.__version__}")
elif step == "digest":
    from safetensors import safe_open
    with safe_open("ours.safetensors", framework="numpy") as file:
        assert run("digest")["digest"]("ours.safetensors") == file.metadata()["sha256"]
elif step == "torch-to-onnx":
    run("torch-to-onnx", model=chain)
elif step == "torch-to-onnx-agrees":
    agree("PyTorch's ONNX", read("torch.csv"), from_torch(chain))
elif step == "torch-state":
    run("torch-state", model=tail)
elif step == "torch-state-agrees":
    agree("PyTorch's state_dict", read("state.csv"), from_torch(tail))
elif step == "torch-to-safetensors":
    run("torch-to-safetensors", model=pair, means=means, deviations=deviations)
elif step == "torch-to-safetensors-agrees":
    scaled = torch.from_numpy((rows - means) / deviations)
    agree("PyTorch's weights", read("weights.csv"), pair(scaled).detach().numpy())
elif step == "sklearn-to-safetensors":
    run("sklearn-to-safetensors", pipeline=pipeline())
elif step == "sklearn-to-safetensors-agrees":
    agree("scikit-learn's weights", read("weights.csv"), pipeline().predict_proba(rows)[:, 1:])
else:
    sys.exit(f"There is no step '{step}'.")

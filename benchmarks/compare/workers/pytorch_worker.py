"""PyTorch, eager or TorchScript (the argument). Inputs are made once; optimizers are the foreach ones; no autograd where it is not needed."""

import sys

import torch
from torch import nn

from conversation import serve

SCRIPTED = sys.argv[1] == "torchscript"
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}
LOSSES = {"crossentropy": nn.CrossEntropyLoss, "bce": nn.BCEWithLogitsLoss, "mse": nn.MSELoss}
OUTPUTS = {"crossentropy": lambda: nn.Softmax(dim=1), "bce": nn.Sigmoid, "mse": nn.Identity}


class WithLoss(nn.Module):
    """Network and loss as one module, so that both are compiled together."""

    def __init__(self, network, loss):
        super().__init__()
        self.network = network
        self.loss = loss

    def forward(self, inputs, targets):
        return self.loss(self.network(inputs), targets)


def layers(work):
    for i in range(1, len(work.sizes)):
        yield nn.Linear(work.sizes[i - 1], work.sizes[i])
        if i < len(work.sizes) - 1:
            yield ACTIVATIONS[work.hidden]()


def targets(work):
    if work.loss == "crossentropy":
        return torch.randint(work.sizes[-1], (work.rows,))
    if work.loss == "bce":
        return torch.randint(2, (work.rows, work.sizes[-1])).float()
    return torch.rand(work.rows, work.sizes[-1])


def predictions(work):
    network = nn.Sequential(*layers(work), OUTPUTS[work.loss]()).eval()
    inputs = torch.rand(work.batch, work.sizes[0])
    if SCRIPTED:
        network = torch.jit.freeze(torch.jit.script(network))

    def run(iterations):
        with torch.inference_mode():
            for _ in range(iterations):
                network(inputs)

    return run


def training(work):
    model = WithLoss(nn.Sequential(*layers(work)), LOSSES[work.loss]())
    if SCRIPTED:
        model = torch.jit.script(model)
    parameters = list(model.parameters())
    if work.optimizer == "sgd":
        optimizer = torch.optim.SGD(parameters, lr=1e-3, foreach=True)
    else:
        optimizer = torch.optim.Adam(parameters, lr=1e-4, foreach=True)
    x, y = torch.rand(work.rows, work.sizes[0]), targets(work)

    def step(inputs, wanted):
        optimizer.zero_grad(set_to_none=True)
        model(inputs, wanted).backward()
        if work.kind != "gradients":
            optimizer.step()

    batches = list(zip(x.split(work.batch), y.split(work.batch)))

    def steps(iterations):
        for i in range(iterations):
            step(*batches[i % len(batches)])

    def epochs(iterations):
        for _ in range(iterations):
            for rows in torch.randperm(work.rows).split(work.batch):
                step(x[rows], y[rows])

    return epochs if work.kind == "epoch" else steps


def prepare(work):
    torch.set_num_threads(work.threads)
    return predictions(work) if work.kind == "predict" else training(work)


torch.manual_seed(1)
serve(f"PyTorch {torch.__version__}", prepare)

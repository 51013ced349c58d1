"""Test scores of scikit-learn and PyTorch on four small data sets, and the splits that they used.

Usage: peers.py DATA OUTPUT [SEEDS]

DATA has breast_cancer.csv, wine.csv, digits.csv and diabetes.csv. OUTPUT receives splits.json (data set -> seed -> rows of the test set) and peers.json
(data set -> peer -> one score a seed): accuracy of classifiers, R2 of regressions.
"""

import csv
import json
import pathlib
import sys
import warnings

import numpy as np
import torch
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

SETS = ["breast_cancer", "wine", "digits", "diabetes"]
HIDDEN = [128, 128]
DROPOUT = [0.2, 0.5]
BATCH, RATE, L2, EPOCHS, PATIENCE, VALIDATION = 64, 1e-3, 1e-3, 200, 20, 0.1


def load(path):
    """Inputs, and targets: class numbers by sorted name, or the numbers of a regression."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    inputs = np.array([[float(cell) for cell in row[:-1]] for row in rows])
    last = [row[-1] for row in rows]
    if path.stem == "diabetes":
        return inputs, np.array([float(cell) for cell in last]), 0
    names = sorted(set(last))
    return inputs, np.array([names.index(name) for name in last]), len(names)


def scikit_learn(train, targets, test, classes, seed):
    options = dict(hidden_layer_sizes=HIDDEN, batch_size=BATCH, learning_rate_init=RATE, max_iter=EPOCHS, early_stopping=True,
                   validation_fraction=VALIDATION, n_iter_no_change=PATIENCE, random_state=seed)
    model = (MLPClassifier if classes else MLPRegressor)(**options).fit(train, targets)
    return model.predict(test)


def pytorch(train, targets, test, classes, seed):
    torch.manual_seed(seed)
    outputs = classes or 1
    layers, width = [], train.shape[1]
    for units, dropout in zip(HIDDEN, DROPOUT):
        layers += [torch.nn.Linear(width, units), torch.nn.ReLU(), torch.nn.Dropout(dropout)]
        width = units
    model = torch.nn.Sequential(*layers, torch.nn.Linear(width, outputs))
    loss = torch.nn.CrossEntropyLoss() if classes else torch.nn.MSELoss()
    kind = torch.long if classes else torch.float32
    x, x_valid, t, t_valid = train_test_split(train, targets, test_size=VALIDATION, random_state=seed, stratify=targets if classes else None)
    x, x_valid = torch.tensor(x, dtype=torch.float32), torch.tensor(x_valid, dtype=torch.float32)
    t, t_valid = torch.tensor(t, dtype=kind), torch.tensor(t_valid, dtype=kind)
    if not classes:
        t, t_valid = t[:, None], t_valid[:, None]
    weights = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    biases = [parameter for parameter in model.parameters() if parameter.ndim == 1]
    optimizer = torch.optim.Adam([{"params": weights, "weight_decay": L2}, {"params": biases}], lr=RATE)
    steps = EPOCHS * ((len(x) + BATCH - 1) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    best, waited, state = float("inf"), 0, None
    for _ in range(EPOCHS):
        model.train()
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss(model(x[rows]), t[rows]).backward()
            optimizer.step()
            schedule.step()
        model.eval()
        with torch.no_grad():
            value = loss(model(x_valid), t_valid).item()
        if value < best:
            best, waited, state = value, 0, {name: tensor.clone() for name, tensor in model.state_dict().items()}
        else:
            waited += 1
            if waited >= PATIENCE:
                break
    model.load_state_dict(state)
    model.eval()
    with torch.no_grad():
        result = model(torch.tensor(test, dtype=torch.float32)).numpy()
    return result.argmax(axis=1) if classes else result[:, 0]


def main():
    data, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    seeds = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    splits, scores = {}, {}
    for name in SETS:
        inputs, targets, classes = load(data / f"{name}.csv")
        splits[name], scores[name] = {}, {"scikit-learn": [], "PyTorch": []}
        for seed in range(seeds):
            rows = np.arange(len(inputs))
            train, test = train_test_split(rows, test_size=0.2, random_state=seed, stratify=targets if classes else None)
            splits[name][seed] = sorted(int(row) for row in test)
            train = np.sort(train)
            scaler = StandardScaler().fit(inputs[train])
            x, x_test, t = scaler.transform(inputs[train]), scaler.transform(inputs[test]), targets[train]
            mean, deviation = (0, 1) if classes else (t.mean(), t.std())
            t = t if classes else (t - mean) / deviation
            for peer, predict in [("scikit-learn", scikit_learn), ("PyTorch", pytorch)]:
                predicted = predict(x, t, x_test, classes, seed) * deviation + mean
                score = accuracy_score(targets[test], predicted) if classes else r2_score(targets[test], predicted)
                scores[name][peer].append(float(score))
        for peer, values in scores[name].items():
            print(f"{name:14} {peer:13} {np.mean(values):.4f} +- {np.std(values, ddof=1):.4f}", flush=True)
    output.mkdir(parents=True, exist_ok=True)
    (output / "splits.json").write_text(json.dumps(splits))
    (output / "peers.json").write_text(json.dumps(scores))


main()

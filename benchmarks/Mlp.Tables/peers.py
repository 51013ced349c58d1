"""Scores of scikit-learn's pipeline with its MLP on the five tables of the folder data, for Mlp.Tables to print beside MlpGen's.

Usage: peers.py OUTPUT [choice] [SEEDS]

OUTPUT receives peers.json: data set -> variant -> one score a seed. Scores are ROC AUC of two classes, accuracy of more, and R2 of numbers, on rows i with
i % 5 == 4 after training on all others. With "choice" they are on rows i % 5 == 3 after training on i % 5 < 3: what was tried was compared there.
Five seeds by default; Mlp.Tables takes as many.
"""

import csv
import datetime
import json
import pathlib
import sys
import warnings

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

TARGETS = {"credit": "Status", "churn": "Churn", "hpc": "Class", "ridership": "ridership", "ames": "SalePrice"}
REGRESSIONS = ["ridership", "ames"]
HIDDEN, BATCH, RATE, EPOCHS, PATIENCE, VALIDATION = (128, 128), 64, 1e-3, 200, 20, 0.1

# scikit-learn divides its penalty by the rows of the batch: this is 1e-3 of MlpGen and PyTorch. Its own default is there, too.
PENALTIES = {"scikit-learn": 1e-3 * BATCH, "scikit-learn, alpha = 1e-4": 1e-4}


def load(name):
    """Columns by name, as numbers (NaN where missing), dates, times of day, or text; and the target as text or numbers."""
    with open(pathlib.Path(__file__).parent / "data" / f"{name}.csv", newline="") as file:
        header, *rows = csv.reader(file)
    columns = {column: read([row[index] for row in rows]) for index, column in enumerate(header)}
    return columns, columns.pop(TARGETS[name])


def read(cells):
    for kind in (lambda cell: float(cell) if cell else np.nan, datetime.date.fromisoformat, datetime.time.fromisoformat):
        try:
            return np.array([kind(cell) for cell in cells])
        except ValueError:
            pass
    return np.array(cells, dtype=object)


def cycles(values):
    """Sine and cosine of the weekday and the day of the year, or of the time of day."""
    turns = [[value.weekday() / 7, (value.timetuple().tm_yday - 1) / 365.25] if isinstance(value, datetime.date) else [(value.hour * 60 + value.minute) / 1440]
             for value in values[:, 0]]
    return np.hstack([np.sin(2 * np.pi * np.array(turns)), np.cos(2 * np.pi * np.array(turns))])


def encoder(columns):
    numbers, texts, times = [], [], []
    for index, values in enumerate(columns.values()):
        kind = numbers if values.dtype == float else texts if isinstance(values[0], str) else times
        kind.append(index)
    return ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), numbers),
        ("texts", OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts),
        ("times", FunctionTransformer(cycles), times),
    ])


def score(name, penalty, train, judged, columns, targets, seed):
    options = dict(hidden_layer_sizes=HIDDEN, batch_size=BATCH, learning_rate_init=RATE, alpha=penalty, max_iter=EPOCHS, early_stopping=True,
                   validation_fraction=VALIDATION, n_iter_no_change=PATIENCE, random_state=seed)
    rows = np.array([list(row) for row in zip(*columns.values())], dtype=object)
    prepare = encoder(columns)
    x, x_judged = prepare.fit_transform(rows[train]).astype(float), prepare.transform(rows[judged]).astype(float)
    if name in REGRESSIONS:
        mean, deviation = targets[train].mean(), targets[train].std()
        model = MLPRegressor(**options).fit(x, (targets[train] - mean) / deviation)
        return r2_score(targets[judged], model.predict(x_judged) * deviation + mean)
    model = MLPClassifier(**options).fit(x, targets[train])
    if len(model.classes_) == 2:
        return roc_auc_score(targets[judged] == model.classes_[1], model.predict_proba(x_judged)[:, 1])
    return accuracy_score(targets[judged], model.predict(x_judged))


def main():
    output, choice = pathlib.Path(sys.argv[1]), "choice" in sys.argv[2:]
    seeds = int(sys.argv[-1]) if sys.argv[-1].isdigit() else 5
    warnings.filterwarnings("ignore")
    scores = {}
    for name in TARGETS:
        columns, targets = load(name)
        fold = np.arange(len(targets)) % 5
        judged = np.flatnonzero(fold == (3 if choice else 4))
        train = np.flatnonzero(fold < (3 if choice else 4))
        scores[name] = {peer: [float(score(name, penalty, train, judged, columns, targets, seed)) for seed in range(seeds)] for peer, penalty in PENALTIES.items()}
        for peer, values in scores[name].items():
            print(f"{name:10} {peer:28} {np.mean(values):.4f} +- {np.std(values, ddof=1):.4f}", flush=True)
    output.mkdir(parents=True, exist_ok=True)
    (output / "peers.json").write_text(json.dumps(scores, indent=1))


main()

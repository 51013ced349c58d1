"""Encodes rows by scikit-learn's ColumnTransformer, as ParityTests expects it of a network. Writes columns.csv and columns.encoded.csv beside itself; tests read these."""
import csv
import os
from collections import Counter

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler

ROWS = 60
FOLDER = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(17)


def with_gaps(values, share):
    return np.where(random.random(ROWS) < share, np.nan, values)


numbers = {
    "Standard": random.normal(40, 12, ROWS).round(2),
    "Timestamp": 1.7e9 + random.integers(0, 90, ROWS).astype(float),
    "Constant": np.full(ROWS, 0.1),
    "Range": random.integers(-50, 200, ROWS).astype(float),
    "Robust": np.exp(random.normal(2, 1.5, ROWS)).round(3),
    "Mean": with_gaps(random.normal(5, 3, ROWS).round(2), 0.2),
    "Median": with_gaps(np.exp(random.normal(0, 2, ROWS)).round(4), 0.3),
    "Zero": with_gaps(random.normal(-3, 1, ROWS).round(2), 0.25),
    "Log": (np.exp(random.normal(0, 3, ROWS)) * random.choice([-1, 1], ROWS)).round(6),
    "FilledLog": with_gaps(np.exp(random.normal(1, 2, ROWS)).round(4), 0.2),
}
colours = random.choice(["Red", "Green", "Blue"], ROWS)
towns = random.choice(["Oslo", "Bergen", "Narvik", "Molde", "Tromsø", ""], ROWS, p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.1])
codes = random.choice([7, -3, 1000000007], ROWS, p=[0.5, 0.3, 0.2])


def most_frequent(values, order):
    counts = Counter(value for value in values if value != "")
    return sorted(counts, key=lambda value: (-counts[value], order(value)))


names = list(numbers)
table = np.empty((ROWS, len(names) + 3), dtype=object)
for i, name in enumerate(names):
    table[:, i] = numbers[name]
table[:, len(names)] = colours
table[:, len(names) + 1] = towns
table[:, len(names) + 2] = codes


def signed_logarithm(x):
    x = np.asarray(x, dtype=float)
    return np.sign(x) * np.log1p(np.abs(x))


signed_log = FunctionTransformer(signed_logarithm)
place = names.index
town_order = most_frequent(towns, lambda town: town.encode("utf-16-be"))
code_order = most_frequent(codes, int)
encoder = ColumnTransformer([
    ("standard", StandardScaler(), [place("Standard"), place("Timestamp"), place("Constant")]),
    ("range", MinMaxScaler(), [place("Range")]),
    ("robust", RobustScaler(), [place("Robust")]),
    ("log", make_pipeline(signed_log, StandardScaler()), [place("Log")]),
    ("colour", OneHotEncoder(categories=[["Red", "Green", "Blue"]], sparse_output=False), [len(names)]),
    ("town", OneHotEncoder(categories=[town_order], handle_unknown="ignore", sparse_output=False), [len(names) + 1]),
    ("code", OneHotEncoder(categories=[code_order], handle_unknown="ignore", sparse_output=False), [len(names) + 2]),
])
parts = encoder.fit_transform(table)


# What is filled in is scaled by the statistics of the present values.
def filled(name, strategy, log=False, **options):
    column = numbers[name].reshape(-1, 1)
    imputer = SimpleImputer(strategy=strategy, **options).fit(column)
    change = signed_logarithm if log else (lambda x: x)
    scaler = StandardScaler().fit(change(column[~np.isnan(column)].reshape(-1, 1)))
    return scaler.transform(change(imputer.transform(column)))


missing = np.isnan(numbers["Median"]).astype(float).reshape(-1, 1)
inputs = np.hstack([
    parts[:, 0:5],
    filled("Mean", "mean"),
    filled("Median", "median"),
    missing,
    filled("Zero", "constant", fill_value=0),
    parts[:, 5:6],
    filled("FilledLog", "median", log=True),
    parts[:, 6:9],
    1 - parts[:, 9:9 + len(town_order)].sum(axis=1, keepdims=True),
    parts[:, 9:9 + len(town_order)],
    1 - parts[:, 9 + len(town_order):].sum(axis=1, keepdims=True),
    parts[:, 9 + len(town_order):],
]).astype(float)


def text(value):
    return "" if isinstance(value, float) and np.isnan(value) else repr(float(value)) if isinstance(value, float) else str(value)


with open(os.path.join(FOLDER, "columns.csv"), "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names + ["Colour", "Town", "Code", "Target"])
    for row in table:
        writer.writerow([text(value) for value in row] + ["1.5"])

with open(os.path.join(FOLDER, "columns.encoded.csv"), "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file, lineterminator="\n")
    for row in inputs:
        writer.writerow([repr(value) for value in row.tolist()])

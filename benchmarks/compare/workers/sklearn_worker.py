"""
scikit-learn's MLPClassifier and MLPRegressor in single precision. Training is partial_fit over as many batches as a turn has: one
call that goes once through its rows in mini-batches, which is the fastest public way. Predictions are predict_proba (predict of the regressor).
"""

import numpy
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

from conversation import serve

RANDOM = numpy.random.default_rng(1)


def prepare(work):
    if work.kind == "gradients":
        return "no public call for gradients"

    regression = work.loss == "mse"
    settings = dict(
        hidden_layer_sizes=work.sizes[1:-1], activation=work.hidden, solver="sgd" if work.optimizer == "sgd" else "adam", alpha=0,
        batch_size=work.batch, learning_rate_init=1e-4, momentum=0, shuffle=work.kind == "epoch", random_state=1)
    rows = max(work.rows, 2)
    x = RANDOM.random((rows, work.sizes[0]), dtype=numpy.float32)
    if regression:
        model = MLPRegressor(**settings)
        y = RANDOM.random((rows, work.sizes[-1]), dtype=numpy.float32)
        model.partial_fit(x, y)
    else:
        classes = numpy.arange(max(2, work.sizes[-1]))
        model = MLPClassifier(**settings)
        y = RANDOM.choice(classes, rows)
        model.partial_fit(x, y, classes)

    def predictions(iterations):
        predict = model.predict if regression else model.predict_proba
        inputs = x[: work.batch]
        for _ in range(iterations):
            predict(inputs)

    def steps(iterations):
        whole, rest = divmod(iterations * work.batch, work.rows)
        for _ in range(whole):
            model.partial_fit(x, y)
        if rest:
            model.partial_fit(x[:rest], y[:rest])

    def epochs(iterations):
        for _ in range(iterations):
            model.partial_fit(x, y)

    return {"predict": predictions, "train": steps, "epoch": epochs}[work.kind]


serve(f"scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}", prepare)

"""The conversation of a worker with the comparison (Mlp.Compare/IWorker.cs), for workers in Python."""

import os
import sys
import time


class Work:
    """What is asked for: kind, sizes, hidden, loss, optimizer, batch, rows, threads."""

    def __init__(self, line):
        words = dict(word.split("=", 1) for word in line.split())
        self.kind, self.hidden, self.loss, self.optimizer = (words[key] for key in ("kind", "hidden", "loss", "optimizer"))
        self.batch, self.rows, self.threads = (int(words[key]) for key in ("batch", "rows", "threads"))
        self.sizes = [int(size) for size in words["sizes"].split("-")]


def blas():
    """The BLAS that this process has loaded, with its folder; libblas.so.3 alone is the plain reference one, with others it only leads to them."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        paths = {line.split()[-1] for line in maps if "/lib" in line and "blas" in os.path.basename(line)}
    loaded = {"/".join(path.split("/")[-2:]) for path in paths if os.path.basename(path).startswith("lib")}
    return ", ".join(sorted(name for name in loaded if not name.endswith("/libblas.so.3")) or sorted(loaded)) or "no BLAS"


def serve(version, prepare):
    """Answers until the input ends. prepare(work) returns a function of a number of iterations, or says as a string why it cannot."""
    print(f"hello {version} ({blas()})", flush=True)
    run = None
    for line in sys.stdin:
        command, rest = line.split(" ", 1)
        if command == "prepare":
            run = prepare(Work(rest))
            print("unsupported " + run if isinstance(run, str) else "ready", flush=True)
        else:
            warm_up, iterations = (int(count) for count in rest.split())
            if warm_up:
                run(warm_up)
            start = time.perf_counter()
            run(iterations)
            print(f"seconds {time.perf_counter() - start:.9g} 0", flush=True)

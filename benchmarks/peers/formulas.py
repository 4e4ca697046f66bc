#!/usr/bin/env python3
"""`ropewalk formula` beside its peers on the same tables, in one run, each on one thread with the same seconds.

usage: formulas.py laws [--tables 40] [--noise 0.01] [--seconds 6] [--seed 0] -o FOLDER
       formulas.py data [--folds 5] [--seconds 5] -o FOLDER
       formulas.py summary FOLDER

laws  Tables of random laws of 2 to 6 variables: 1,000 rows with noise to learn from and 1,000 fresh rows without to
      judge by. A law is recovered where the answer's numbers, a factor before it and a summand beside it can be fitted
      to the law's values so that less than a millionth of the spread is left anywhere and nothing moves by more than a
      tenth (as formula::check_form; the factor and the summand are those that pyoperon adds, and SRBench allows).
data  Ten tables of real measurements that ship with scikit-learn and statsmodels: R2 on held-out fifths, beside linear
      regression and gradient boosting.

Peers are pyoperon and gplearn. Before the first run: python3 -m venv .venv; .venv/bin/pip install pyoperon gplearn
scikit-learn statsmodels scipy pandas. Seconds in the results are of the processor. Rows that are finished are kept in FOLDER/laws.jsonl or FOLDER/data.jsonl and not run
again."""
import argparse
import json
import math
import os
import pathlib
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

warnings.filterwarnings("ignore")
np.seterr(all="ignore")
FUNCTIONS = {"sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "abs": np.abs}


# Laws that nobody has seen.

def random_law(random, variables):
    """A random expression in which every variable occurs, as Python text: products, quotients and sums of variables,
    squares and roots, with at most two functions, each of at most three of these."""
    leaves = [f"x{v}" for v in range(variables)]
    if random.integers(3) == 0:
        leaves.append(f"x{random.integers(variables)}")
    random.shuffle(leaves)

    def number():
        return str(random.choice([0.5, 2, 3, 4, round(random.uniform(0.2, 4), 2)]))

    def leaf(text):
        return {0: f"{text}**2", 1: f"sqrt({text})", 2: f"({number()} + {text})"}.get(random.integers(10), text)

    def function(text):
        return random.choice([f"sin({text})", f"cos({text})", f"exp(-({text}))", f"exp(({text})/3)",
                              f"log(1 + ({text})**2)", f"sqrt(1 + ({text})**2)", f"tanh({text})", f"1/(1 + ({text})**2)"])

    parts = [(leaf(each), 1) for each in leaves]
    functions = random.integers(3)
    while len(parts) > 1:
        (first, m), (second, n) = (parts.pop(random.integers(len(parts))) for _ in range(2))
        text, size = f"({first} {random.choice(['+', '-', '*', '*', '*', '/', '/'])} {second})", m + n
        if functions and size <= 3 and random.integers(2):
            text, functions = function(text if random.integers(2) else f"{number()}*{text}"), functions - 1
        parts.append((text, size))
    return f"{number()}*{parts[0][0]}"


def function_of(text, names):
    code = compile(text, "law", "eval")

    def values(columns):
        scope = dict(FUNCTIONS)
        scope.update({name: columns[:, k] for k, name in enumerate(names)})
        result = eval(code, {"__builtins__": {}}, scope)
        return np.broadcast_to(np.asarray(result, dtype=float), len(columns)).copy()

    return values


def draw_law(seed):
    """A law whose every variable moves the target by a fifth of its spread, as a name, a text and tables."""
    random = np.random.default_rng(seed)
    while True:
        variables = 2 + seed % 5
        text = random_law(random, variables)
        names = [f"x{v}" for v in range(variables)]
        law = function_of(text, names)
        train, test = (random.uniform(0.5, 3, (1000, variables)) for _ in range(2))
        values, fresh = law(train), law(test)
        if not (np.isfinite(values).all() and np.isfinite(fresh).all()):
            continue
        spread = values.std()
        if not spread > 1e-3 or np.abs(values - np.median(values)).max() > 30 * spread:
            continue
        matters = []
        for v in range(variables):
            mixed = train.copy()
            mixed[:, v] = random.permutation(mixed[:, v])
            matters.append(np.sqrt(np.mean((law(mixed) - values) ** 2)) / spread)
        if min(matters) > 0.2:
            return text, names, train, values, test, fresh


# Answers, as Python text over the names of columns.

def by_ropewalk(binary, names, train, target, seconds, _):
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "table.csv")
        np.savetxt(table, np.column_stack([train, target]), delimiter=",", header=",".join(names + ["y"]), comments="",
                   fmt="%.17g")
        said = subprocess.run([binary, "formula", table, "--json", "--threads", "1", "--seconds", str(seconds)],
                              capture_output=True, text=True)
    *steps, result = json.loads(said.stdout)["best"]["formula"].split("; ")
    for step in reversed(steps):
        name, value = step.split(" = ", 1)
        result = re.sub(rf"\b{name}\b", lambda _: f"({value})", result)
    return result.replace("^", "**")


def by_operon(_, names, train, target, seconds, seed):
    from pyoperon.sklearn import SymbolicRegressor

    model = SymbolicRegressor(
        allowed_symbols="add,sub,mul,div,constant,variable,sin,cos,exp,log,sqrt,square,tanh", objectives=["r2", "length"],
        model_selection_criterion="minimum_description_length", optimizer_iterations=5, max_length=50,
        generations=10 ** 6, max_evaluations=10 ** 12, max_time=max(1, int(seconds)), n_threads=1, random_state=seed + 1)
    model.fit(train, target)
    text = model.get_model_string(model.model_, precision=12)
    text = re.sub(r"\bX(\d+)\b", lambda m: names[int(m.group(1)) - 1], text)
    text = re.sub(r"\bsquare\(", "SQUARE(", text)
    return text.replace("^", "**")


def by_gplearn(_, names, train, target, seconds, seed):
    from gplearn.genetic import SymbolicRegressor

    model = SymbolicRegressor(population_size=1000, generations=1, parsimony_coefficient=0.001, n_jobs=1,
                              function_set=("add", "sub", "mul", "div", "sqrt", "log", "sin", "cos", "neg", "inv"),
                              random_state=seed, warm_start=False)
    started = time.process_time()
    model.fit(train, target)
    model.set_params(warm_start=True)
    while time.process_time() - started < seconds:
        model.set_params(generations=model.generations + 1)
        model.fit(train, target)
    return re.sub(r"\bX(\d+)\b", lambda m: names[int(m.group(1))], str(model._program))


PEERS = {"ropewalk": by_ropewalk, "pyoperon": by_operon, "gplearn": by_gplearn}


def protected(condition, value, otherwise):
    return np.where(condition, value, otherwise)


EXTRA = {
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "tan": np.tan, "floor": np.floor, "ceil": np.ceil,
    "sign": np.sign, "mod": np.mod, "pi": np.pi, "less": lambda a, b: (a < b) * 1.0,
    "SQUARE": lambda a: a * a,
    "max": np.maximum, "min": np.minimum,
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "neg": np.negative,
    "div": lambda a, b: protected(np.abs(b) > 0.001, np.divide(a, b), 1.0),
    "inv": lambda a: protected(np.abs(a) > 0.001, np.divide(1.0, a), 0.0),
}


class Answer:
    """A text with its numbers apart, so that they can be fitted."""

    number = re.compile(r"(?<![\w.])(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)(?![\w.])")

    def __init__(self, text, names, protect):
        self.numbers = []
        def parameter(match):
            value = float(match.group(0))
            before = text[: match.start()].rstrip()
            if value in (0.0, 1.0) or (before.endswith("**") and value == int(value)):
                return match.group(0)
            self.numbers.append(value)
            return f"p[{len(self.numbers) - 1}]"

        self.code = compile(self.number.sub(parameter, text), "answer", "eval")
        self.names = names
        self.scope = {**FUNCTIONS, **EXTRA}
        if protect:
            self.scope["sqrt"] = lambda a: np.sqrt(np.abs(a))
            self.scope["log"] = lambda a: protected(np.abs(a) > 0.001, np.log(np.abs(a)), 0.0)

    def values(self, columns, numbers=None):
        scope = dict(self.scope, p=self.numbers if numbers is None else numbers)
        scope.update({name: columns[:, k] for k, name in enumerate(self.names)})
        value = eval(self.code, {"__builtins__": {}}, scope)
        return np.broadcast_to(np.asarray(value, dtype=float), len(columns)).copy()

    def has_form(self, columns, law):
        from scipy.optimize import least_squares

        spread = law.std()
        numbers = np.array(self.numbers)
        if len(numbers) > 40:
            return False
        if len(numbers):
            scale = np.abs(numbers)

            def left(shares):
                values = self.values(columns, numbers + scale * shares[2:])
                values = ((1 + shares[0]) * values + spread * shares[1] - law) / spread
                return np.where(np.isfinite(values), values, 1e6)

            fitted = least_squares(left, np.zeros(len(numbers) + 2), method="trf", xtol=1e-15, ftol=1e-15, gtol=1e-15,
                                   max_nfev=60)
            return bool(np.abs(fitted.x).max() < 0.1 and np.abs(left(fitted.x)).max() < 1e-6)
        return bool(np.abs(self.values(columns) - law).max() < 1e-6 * spread)


def processor_time():
    """Seconds of the processor, of this process and of those that it started."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def r2_of(values, target):
    if not np.isfinite(values).all():
        return -math.inf
    return float(1 - np.mean((values - target) ** 2) / np.mean((target - target.mean()) ** 2))


def finished(file):
    return [json.loads(line) for line in open(file)] if os.path.exists(file) else []


def keep(file, row):
    with open(file, "a") as out:
        out.write(json.dumps(row) + "\n")
    print(json.dumps(row), flush=True)


def run_laws(options):
    file = os.path.join(options.output, "laws.jsonl")
    done = {(row["seed"], row["method"]) for row in finished(file)}
    for seed in range(options.seed, options.seed + options.tables):
        text, names, train, values, test, fresh = draw_law(seed)
        noise = np.random.default_rng(10_000 + seed).normal(size=len(values))
        target = values + options.noise * np.sqrt(np.mean(values ** 2)) * noise
        for method in options.methods.split(","):
            if (seed, method) in done:
                continue
            row = {"seed": seed, "variables": len(names), "law": text, "method": method}
            started = processor_time()
            try:
                found = PEERS[method](options.binary, names, train, target, options.seconds, seed)
                row["seconds"] = round(processor_time() - started, 2)
                answer = Answer(found, names, method == "gplearn")
                row["r2"] = r2_of(answer.values(test), fresh)
                row["same"] = answer.has_form(test[:300], fresh[:300])
                row["answer"] = found
            except Exception as error:  # a peer that fails has no answer
                row.update(seconds=round(processor_time() - started, 2), r2=None, same=False, answer=f"failed: {error!r}"[:300])
            if row["r2"] is not None and not math.isfinite(row["r2"]):
                row["r2"] = None
            keep(file, row)


# Tables of real measurements.

def data_sets():
    import statsmodels.api as sm
    from sklearn import datasets

    def statsmodels(module, target, inputs):
        frame = getattr(sm.datasets, module).load_pandas().data[[*inputs, target]].dropna()
        return inputs, frame[inputs].to_numpy(float), frame[target].to_numpy(float)

    def scikit(loader, target):
        bunch = loader()
        names = [re.sub(r"\W+", "_", str(name)) for name in bunch.feature_names]
        if target is None:
            return names, bunch.data, np.asarray(bunch.target, float)
        at = names.index(target)
        return names[:at] + names[at + 1:], np.delete(bunch.data, at, 1), bunch.data[:, at]

    return {
        "diabetes": lambda: scikit(datasets.load_diabetes, None),
        "iris": lambda: scikit(datasets.load_iris, "petal_width_cm_"),
        "wine": lambda: scikit(datasets.load_wine, "color_intensity"),
        "breast_cancer": lambda: scikit(datasets.load_breast_cancer, "mean_smoothness"),
        "engel": lambda: statsmodels("engel", "foodexp", ["income"]),
        "grunfeld": lambda: statsmodels("grunfeld", "invest", ["value", "capital"]),
        "macrodata": lambda: statsmodels("macrodata", "realcons", ["realgdp", "realinv", "unemp", "infl", "tbilrate"]),
        "statecrime": lambda: statsmodels("statecrime", "violent", ["hs_grad", "poverty", "single", "white", "urban"]),
        "ccard": lambda: statsmodels("ccard", "AVGEXP", ["AGE", "INCOME", "INCOMESQ", "OWNRENT"]),
        "cancer": lambda: statsmodels("cancer", "cancer", ["population"]),
    }


def run_data(options):
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import KFold

    file = os.path.join(options.output, "data.jsonl")
    done = {(row["data"], row["fold"], row["method"]) for row in finished(file)}
    for name, load in data_sets().items():
        names, columns, target = load()
        names = [f"x{v}" for v in range(len(names))]
        folds = KFold(5, shuffle=True, random_state=options.seed).split(columns)
        for fold, (train, test) in enumerate(folds):
            if fold >= options.folds:
                break
            for method in ["linear", "boosting", *options.methods.split(",")]:
                if (name, fold, method) in done:
                    continue
                row = {"data": name, "rows": len(target), "inputs": len(names), "fold": fold, "method": method}
                started = processor_time()
                try:
                    if method in ("linear", "boosting"):
                        model = LinearRegression() if method == "linear" else HistGradientBoostingRegressor(random_state=0)
                        values = model.fit(columns[train], target[train]).predict(columns[test])
                        found = ""
                    else:
                        found = PEERS[method](options.binary, names, columns[train], target[train], options.seconds, fold)
                        values = Answer(found, names, method == "gplearn").values(columns[test])
                    # What is left counts beside the spread of the whole column: a fold may be small.
                    row["left"] = float(np.mean((values - target[test]) ** 2)) if np.isfinite(values).all() else None
                    row["spread"] = float(np.mean((target[test] - target[train].mean()) ** 2))
                    row["answer"] = found
                except Exception as error:
                    row.update(left=None, spread=None, answer=f"failed: {error!r}"[:300])
                row["seconds"] = round(processor_time() - started, 2)
                keep(file, row)


def summary(folder):
    laws = finished(os.path.join(folder, "laws.jsonl"))
    if laws:
        print("| method | tables | form recovered | median R2 | R2 > 0.999 | mean processor seconds |\n|---|---|---|---|---|---|")
        for method in dict.fromkeys(row["method"] for row in laws):
            rows = [row for row in laws if row["method"] == method]
            r2 = [-1e9 if row["r2"] is None else row["r2"] for row in rows]
            print(f"| {method} | {len(rows)} | {sum(row['same'] for row in rows)} | {statistics.median(r2):.6f} | "
                  f"{sum(each > 0.999 for each in r2)} | {statistics.mean(row['seconds'] for row in rows):.1f} |")
    data = finished(os.path.join(folder, "data.jsonl"))
    if data:
        methods = list(dict.fromkeys(row["method"] for row in data))
        print("\n| data | rows | inputs | " + " | ".join(methods) + " |\n|---" * 1 + "|---" * (2 + len(methods)) + "|")
        for name in dict.fromkeys(row["data"] for row in data):
            cells = []
            for method in methods:
                rows = [row for row in data if row["data"] == name and row["method"] == method]
                if any(row["left"] is None for row in rows):
                    cells.append("no value")
                    continue
                cells.append(f"{1 - sum(row['left'] for row in rows) / sum(row['spread'] for row in rows):.3f}")
            first = next(row for row in data if row["data"] == name)
            print(f"| {name} | {first['rows']} | {first['inputs']} | " + " | ".join(cells) + " |")
    print(f"\n{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    root = pathlib.Path(__file__).resolve().parents[2]
    for command in ("laws", "data"):
        sub = commands.add_parser(command)
        sub.add_argument("-o", "--output", required=True)
        sub.add_argument("--binary", default=str(root / "build/release/bin/ropewalk"))
        sub.add_argument("--seconds", type=float, default=6)
        sub.add_argument("--seed", type=int, default=0)
        sub.add_argument("--methods", default="ropewalk,pyoperon,gplearn" if command == "laws" else "ropewalk,pyoperon")
    commands.choices["laws"].add_argument("--tables", type=int, default=40)
    commands.choices["laws"].add_argument("--noise", type=float, default=0.01)
    commands.choices["data"].add_argument("--folds", type=int, default=5)
    commands.add_parser("summary").add_argument("folder")
    options = parser.parse_args()
    if options.command == "summary":
        return summary(options.folder)
    os.makedirs(options.output, exist_ok=True)
    return run_laws(options) if options.command == "laws" else run_data(options)


if __name__ == "__main__":
    sys.exit(main())

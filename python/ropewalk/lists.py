"""Programs over lists, from examples."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any, overload

from . import _core
from ._executors import in_order
from ._options import Callback, Progress, Sink, listening, seconds_of, seed_of, threads_of, warn_interrupted, whole
from .errors import InputError, NotFound, UndecidedExamples, input_error
from .programs import Induced, Task, induce_task

__all__ = ["Rival", "Source", "induce"]

Value = Any  # int, bool, str, or a list of values of one type


@dataclass(frozen=True)
class Rival:
    """Another program that is right on all examples, and arguments on which the two differ."""

    program: str
    arguments: tuple[Value, ...]
    value: Value  #: what the chosen program says there
    rival_value: Value  #: what the other one says


@dataclass(frozen=True, eq=False, repr=False)
class Source:
    """A program over whole numbers, truth values, texts and lists. A value: it never changes.

    >>> double = Source.parse("solve(x: [int]) -> [int]:\\n  map(x, e -> e + e)")
    >>> double([1, 2, 3])
    [2, 4, 6]
    """

    _program: _core.ListProgram
    cost: int | None = None  #: bits, or nearly, that it takes to say the program
    decided: bool | None = None  #: whether the examples decide; None: it comes from text
    rival: Rival | None = None  #: where they do not, because another program is as right
    warning: str | None = None  #: the same in words
    candidates: int = 0  #: programs tried
    seconds: float = 0.0
    stop_reason: str = ""  #: "found", "timeout", "memory", "interrupted", ...
    _examples: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> Source:
        """The program of this text. Raises InputError at the first place that is wrong, in the text or in its types."""
        return cls(_core.ListProgram.parse(text))

    @property
    def parameters(self) -> dict[str, str]:
        """Names of the arguments and their types, such as ``[int]``."""
        return dict(self._program.parameters)

    @property
    def result(self) -> str:
        """Type of the value."""
        return self._program.result

    def __call__(self, *arguments: Value) -> Value:
        """The value for these arguments. Raises InputError where they do not fit and where there is no value."""
        if len(arguments) != len(self.parameters):
            names = ", ".join(f"{name}: {kind}" for name, kind in self.parameters.items())
            raise TypeError(f"the program takes {len(self.parameters)} arguments ({names}), not {len(arguments)}")
        return json.loads(self._program.run([_to_json(each, f"argument {i + 1}") for i, each in enumerate(arguments)]))

    def python(self) -> str:
        """A Python module of the standard library alone, with a self-test of the examples."""
        return _core.list_program_to_python(self._program, self._known_examples())

    def c(self) -> str:
        """A C99 source file; ``-DROPE_SELF_TEST`` compiles a self-test of the examples."""
        return _core.list_program_to_c(self._program, self._known_examples())

    def _known_examples(self) -> _core.ListExamples:
        if not self._examples:
            raise NotFound("code carries examples, and a program from text has none; induce gives programs that have")
        return _core.ListExamples.parse(self._examples, "examples")

    def __str__(self) -> str:
        return str(self._program)

    def __repr__(self) -> str:
        doubt = "" if self.decided in (None, True) else " (the examples do not decide)"
        return f"<ropewalk.Source{doubt}\n{str(self).rstrip()}>"

    def __eq__(self, other: object) -> bool:
        return self._program == other._program if isinstance(other, Source) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        facts = (self.cost, self.decided, self.rival, self.warning, self.candidates, self.seconds, self.stop_reason)
        return _restored, (1, str(self), *facts, self._examples)


def _restored(version: int, text: str, *facts: Any) -> Source:
    """The inverse of ``Source.__reduce__``."""
    if version != 1:
        raise InputError(f"pickled program: version {version}; expected 1, which this release of ropewalk reads")
    return Source(_core.ListProgram.parse(text, "pickle"), *facts)


@overload
def induce(
    examples: Task,
    *,
    timeout: float | None = 60.0,
    max_programs: int | None = None,
    tune: bool = True,
    n_jobs: int | None = None,
    random_state: Any = 0,
    progress: Progress = "auto",
    callback: Callback | None = None,
    executor: Executor | None = None,
) -> Induced: ...


@overload
def induce(
    examples: Iterable[tuple[Any, Value]] | Callable[..., Value],
    *,
    inputs: Iterable[Any] | None = None,
    questions: int = 16,
    timeout: float | None = 60.0,
    memory: int = 2 << 30,
    without: Sequence[str] = (),
    n_jobs: int | None = None,
    random_state: Any = 0,
    progress: Progress = "auto",
    callback: Callback | None = None,
    executor: Executor | None = None,
) -> Source: ...


def induce(
    examples: Task | Iterable[tuple[Any, Value]] | Callable[..., Value],
    *,
    inputs: Iterable[Any] | None = None,
    questions: int = 16,
    timeout: float | None = 60.0,
    memory: int = 2 << 30,
    without: Sequence[str] = (),
    max_programs: int | None = None,
    tune: bool = True,
    n_jobs: int | None = None,
    random_state: Any = 0,
    progress: Progress = "auto",
    callback: Callback | None = None,
    executor: Executor | None = None,
) -> Source | Induced:
    """The program over lists that the examples mean, or the assembly program for a task.

    ``examples`` are pairs of input and output, such as ``[([3, 1, 2], [1, 2, 3])]``. A tuple as the input is several
    arguments, a mapping several with names, anything else one. Values are whole numbers, truth values, texts and lists of
    values of one type.

    A function in place of examples is asked for the outputs of ``inputs``, and then at most ``questions`` times for the
    output that decides between two programs that are right so far.

    Where the examples do not decide, the answer says so and so does a warning, ``UndecidedExamples``. ``without`` names
    functions that the program must not use. Raises InputError on examples that are no examples, NotFound where no program
    was found in ``timeout`` seconds and ``memory`` bytes. On Ctrl-C the best so far is the answer, with a warning.

    For a ``Task``, as ``ropewalk.task`` gives it, search, tuning and repair take turns until a program is certified, and
    the answer is an ``Induced``. ``max_programs`` is a limit in work, with which and without ``timeout`` the answer is the
    same everywhere; ``tune=False`` leaves tuning out; ``inputs``, ``questions``, ``memory`` and ``without`` are not for it.

    With an ``executor``, its workers run slices of the search for a task, each on ``n_jobs`` threads, and the answer is the
    same. The search for a program over lists is one unit of work and runs on one worker; ``timeout`` and ``memory`` are
    the worker's, and Ctrl-C and a callback that returns True leave it behind: it ends when its time is over.
    """
    if isinstance(examples, Task):
        return induce_task(
            examples,
            timeout=timeout,
            max_programs=max_programs,
            tune=tune,
            n_jobs=n_jobs,
            random_state=random_state,
            progress=progress,
            callback=callback,
            executor=executor,
        )
    if max_programs is not None or not tune:
        raise input_error("max_programs" if max_programs is not None else "tune", "examples over lists", "a Task")
    options: dict[str, Any] = {
        "seconds": seconds_of(timeout, unlimited=0.0),
        "memory": whole(memory, "memory", 1 << 20, 1 << 46),
        "without": list(without),
        "seed": seed_of(random_state),
        "threads": threads_of(n_jobs),
    }

    def search(rows: Sequence[str]) -> tuple[Source, bool]:
        with listening("looking for a program", progress, callback) as sink:
            if executor is None:
                return _found(rows, {**options, "callback": sink})
            return _found_by(executor, rows, options, sink)

    if callable(examples):
        left = whole(questions, "questions", 0, 1_000_000)
        found, interrupted = _found_by_asking(examples, _asked(examples, inputs), left, search)
    else:
        found, interrupted = search(_given(examples, inputs))
    if interrupted:
        warn_interrupted("the search for a program")
    elif found.warning is not None:
        warnings.warn(found.warning, UndecidedExamples, stacklevel=2)
    return found


def _found_by_asking(
    ask: Callable[..., Value], rows: list[str], questions: int, search: Callable[[Sequence[str]], tuple[Source, bool]]
) -> tuple[Source, bool]:
    """The program of a function's outputs, asked for the output that decides while there is another program as right."""
    found, interrupted = search(rows)
    while not interrupted and found.rival is not None and questions > 0:
        rows.append(_line_of(found.rival.arguments, ask(*found.rival.arguments), len(rows)))
        questions -= 1
        found, interrupted = search(rows)
    return found, interrupted


def _found_by(executor: Executor, rows: Sequence[str], options: dict[str, Any], sink: Sink | None) -> tuple[Source, bool]:
    """``_found`` of a worker. The sink hears how long it has been at work, and ends the waiting by returning True."""
    begin = time.monotonic()

    def stopped() -> bool:
        seconds = time.monotonic() - begin
        return sink is not None and sink(round(100 * seconds), round(100 * options["seconds"]), "on a worker")

    (answer,) = in_order(executor, _found, [(rows, {**options, "callback": None})], stopped=stopped)
    if answer is None:
        raise NotFound("the callback ended the search on a worker, which had found no program so far")
    return answer


def _found(rows: Sequence[str], options: dict[str, Any]) -> tuple[Source, bool]:
    text = "\n".join(rows)
    answer = _core.synthesise(_core.ListExamples.parse(text, "examples"), **options)
    if answer.choice is None:
        if answer.interrupted:
            raise KeyboardInterrupt
        raise NotFound(
            f"no program found among {answer.candidates} in {answer.seconds:.1f} s; more time, more memory, or examples "
            "that differ less at once may help"
        )
    choice = answer.choice
    found = Source(
        choice.program.simplified(),
        choice.cost,
        choice.decided,
        _rival_of(choice.rival),
        None,
        answer.candidates,
        answer.seconds,
        answer.stop_reason,
        text,
    )
    return replace(found, warning=_doubt(found, choice, len(rows))), answer.interrupted


def _rival_of(rival: _core.Rival | None) -> Rival | None:
    if rival is None:
        return None
    arguments = tuple(json.loads(each) for each in rival.inputs)
    return Rival(str(rival.program.simplified()), arguments, json.loads(rival.chosen_value), json.loads(rival.rival_value))


def _doubt(found: Source, choice: _core.Choice, count: int) -> str | None:
    if choice.decided:
        return None
    rival = found.rival
    if rival is not None:
        given = ", ".join(map(repr, rival.arguments))
        return (
            f"the examples do not decide: for {given} this program gives {rival.value!r}, and another one that is as right "
            f"gives {rival.rival_value!r}; add the example that is right"
        )
    return (
        f"{count} examples are little for so many programs ({choice.output_bits:.0f} bits of output, "
        f"2^{choice.tried_bits:.0f} programs tried): it may fit by accident; more examples, longer and less alike, make sure"
    )


def _given(examples: Any, inputs: Iterable[Any] | None) -> list[str]:
    if inputs is not None:
        raise input_error("inputs", "inputs beside examples", "a function in place of examples, or no inputs")
    rows = []
    for number, example in enumerate(examples):
        if isinstance(example, (str, bytes)) or not isinstance(example, Sequence) or len(example) != 2:
            raise input_error(f"example {number}", repr(example), "a pair of input and output")
        rows.append(_line_of(example[0], example[1], number))
    if not rows:
        raise input_error("examples", "none", "at least one pair of input and output")
    return rows


def _asked(ask: Callable[..., Value], inputs: Iterable[Any] | None) -> list[str]:
    rows = []
    for number, each in enumerate(inputs if inputs is not None else ()):
        output = ask(**each) if isinstance(each, Mapping) else ask(*each) if isinstance(each, tuple) else ask(each)
        rows.append(_line_of(each, output, number))
    if not rows:
        raise input_error("inputs", "none", "at least one input on which the function is asked")
    return rows


def _line_of(given: Any, output: Value, number: int) -> str:
    """An example as the library's files have it."""
    if isinstance(given, Mapping):
        example = {**given, "out": output}
        if len(example) != len(given) + 1:
            raise input_error(f"example {number}", "an argument called 'out'", "another name")
    elif isinstance(given, tuple):
        example = {"args": list(given), "out": output}
    else:
        example = {"in": given, "out": output}
    return _to_json(example, f"example {number}")


def _to_json(value: Any, place: str) -> str:
    try:
        return json.dumps(value, default=_plain, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise input_error(place, str(error), "whole numbers, truth values, texts and lists of them") from None


def _plain(value: Any) -> Any:
    """What JSON does not know of: NumPy's numbers and arrays."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a value of type {type(value).__name__}")

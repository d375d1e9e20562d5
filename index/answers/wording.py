"""How an answer calls things: facts, values, kinds, and what is asked of scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.understanding.filters import Filter, Item, Query
from index.understanding.vocabulary import tag_of

_NAMES = {"lr": "learning rate", "batch": "batch size", "arch": "model", "hw": "hardware", "kind": "kind of model"}
_DATES = {"created": "creation", "modified": "modification"}
_PLURALS = {"hw": "hardware", "epochs": "numbers of epochs", "kind": "kinds of model"}
_KINDS = {"cnn": "CNN", "rnn": "RNN", "lstm": "LSTM", "gru": "GRU", "gan": "GAN", "vae": "VAE", "mlp": "MLP",
          "dqn": "DQN", "vit": "ViT", "unet": "U-Net", "resnet": "ResNet", "diffusion": "diffusion model",
          "latent-diffusion": "latent diffusion model", "conditional": "conditional model"}  # fmt: skip
_HAD = {"attention": "attention", "linear-attention": "linear attention"}  # kinds that a script has, and is not
_AN = {"rnn", "lstm", "mlp", "autoencoder"}  # as they are spoken
_DO = {"framework": "be written in", "dataset": "train on", "optimizer": "train with", "lr": "use", "batch": "use",
       "epochs": "train for", "hw": "run on", "uses": "use", "arch": "build", "path": "lie in", "model": "be called",
       "text": "have the words", "size": "have"}  # fmt: skip
_IRREGULAR = {"be": ("is", "are"), "have": ("has", "have")}
_WRITTEN = {"text", "path", "model", "size"}  # whose absence is certain
_SIGNS = {"lt": "below ", "le": "at most ", "gt": "above ", "ge": "at least "}
_COUNTS = {"lt": "fewer than ", "gt": "more than "}
_TIMES = {"lt": "before ", "le": "no later than ", "gt": "after ", "ge": "since "}


def name(field: str) -> str:
    date, _, period = field.partition(" ")
    return f"{period} of {_DATES[date]}" if period else _NAMES.get(field, field)


def quantity(field: str) -> str:
    return "number of epochs" if field == "epochs" else name(field)


def plural(field: str) -> str:
    if " " in field:
        return name(field).replace(" of", "s of", 1)
    return _PLURALS.get(field, f"{name(field)}s")


def an(field: str) -> str:
    """ "an optimizer", "a batch size"."""
    if field in {"hw", "epochs"}:
        return "hardware" if field == "hw" else "a number of epochs"
    return f"{'an' if field == 'optimizer' else 'a'} {name(field)}"


def count(number: int, thing: str = "script") -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def more(number: int) -> str:
    """What follows the names of some: " and 12 more"."""
    return f" and {number:,} more" if number > 0 else ""


def plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def listed(parts: Sequence[str], joint: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return f" {joint} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def value_of(field: str, value: object) -> str:
    """A value as it is spoken: "U-Net", "0.001", "April 2025"."""
    if field.endswith(" month"):
        return f"{date.fromisoformat(f'{value}-01'):%B %Y}"
    return kind(str(value)) if field == "kind" else plain(value)


def kind(tag: str) -> str:
    return _KINDS.get(tag, _HAD.get(tag, tag.replace("-", " ")))


def all_of(number: int, understood: Query) -> str:
    """ "49 GANs that train on MNIST", "431 scripts"."""
    several = number != 1
    tags = [one.value for one in understood.filters if one.field == "tag" and one.op == "eq" and not one.negated]
    tag = next((str(tag) for tag in (*tags, *understood.concepts) if tag not in _HAD), None)
    rest = replace(
        understood,
        concepts=tuple(one for one in understood.concepts if one != tag),
        filters=tuple(one for one in understood.filters if one.value != tag),
    )
    words = searched(understood)
    told = [asked(rest, several=several), f"match{'' if several else 'es'} {words} best" if words else ""]
    predicate = " and ".join(filter(None, told))
    return f"{count(number, kind(tag) if tag else 'script')}{f' that {predicate}' if predicate else ''}"


def asked(understood: Query, *, several: bool) -> str:
    """What a query asks of scripts by kinds and filters, as a predicate: "are GANs and train on MNIST"."""
    tags = {value for one in understood.filters for part in one.parts if part.field == "tag" for value in part.items}
    kinds = [of_kind(tag, several=several) for tag in understood.concepts if tag not in tags]
    filters = sorted(understood.filters, key=lambda one: one.field != "tag" or one.negated)  # what they are, first
    return listed([*kinds, *(passes(one, several=several) for one in filters)])


def searched(understood: Query) -> str:
    """What a query looks for as it is written, in quotes; "" where kinds and filters say all."""
    free = [word for word in understood.words if word not in understood.demanded]
    if understood.concepts:
        free = [] if tag_of(" ".join(free)) else [word for word in free if tag_of(word) is None]
    return " ".join(f"“{part}”" for part in (*understood.phrases, " ".join(free)) if part)


def passes(one: Filter, *, several: bool) -> str:
    """How a script that passes a filter does: "trains on MNIST", "is not known to train on MNIST"."""
    if one.op in {"any", "all"}:
        told = listed([passes(part, several=several) for part in one.parts], "or" if one.op == "any" else "and")
        return f"{'do' if several else 'does'} not at once: {told}" if one.negated else told
    if one.any_value:
        return f"{_form('state', several)} {f'no {name(one.field)}' if one.negated else an(one.field)}"
    if one.field in {"created", "modified"}:
        been = f"{'were' if several else 'was'} {'not ' if one.negated else ''}{one.field}"
        return f"{been} {listed([_when(one.op, item) for item in _items(one)], 'or')}"
    if one.field == "tag":
        return _tagged(one, several=several)
    if one.field == "path" and one.value == ".ipynb":
        no = "no" if one.negated else "" if several else "a"
        return " ".join(filter(None, (_form("be", several), no, "notebooks" if several else "notebook")))
    verb, _, rest = _DO[one.field].partition(" ")
    told = " ".join(filter(None, (rest, _asked_value(one))))
    if one.negated and one.field in _WRITTEN:
        negation = f"{_form('be', several)} not" if verb == "be" else f"{_form('do', several)} not {verb}"
        return f"{negation} {told}"
    known = f"{_form('be', several)} not known to {verb}"
    return f"{known if one.negated else _form(verb, several)} {told}"


def _form(verb: str, several: bool) -> str:
    one = {"do": "does"}.get(verb, f"{verb}s")
    return _IRREGULAR.get(verb, (one, verb))[several]


def of_kind(tag: str, *, several: bool) -> str:
    """ "is a GAN", "are GANs", "have attention"."""
    if tag in _HAD:
        return f"{_form('have', several)} {_HAD[tag]}"
    return f"are {kind(tag)}s" if several else f"is {'an' if tag in _AN else 'a'} {kind(tag)}"


def _tagged(one: Filter, *, several: bool) -> str:
    tags = [str(value) for value in one.items]
    if not one.negated:
        return listed([of_kind(tag, several=several) for tag in tags], "or")
    layers = [kind(tag) for tag in tags if tag in _HAD]
    kinds = [
        f"{kind(tag)}s" if several else f"{'an' if tag in _AN else 'a'} {kind(tag)}" for tag in tags if tag not in _HAD
    ]
    return listed([
        *([f"{_form('have', several)} no layer that was read as {listed(layers, 'or')}"] if layers else []),
        *([f"{'were' if several else 'was'} not read as {listed(kinds, 'or')}"] if kinds else []),
    ])  # fmt: skip


def _items(one: Filter) -> tuple[Item, ...]:
    """The values of a filter, or that of its comparison as it stands."""
    return (one.value,) if one.op in _SIGNS and not isinstance(one.value, tuple) else one.items


def _asked_value(one: Filter) -> str:
    signs = {**_SIGNS, **_COUNTS} if one.field == "epochs" else _SIGNS
    shown = listed([signs.get(one.op, "") + _spoken(item) for item in _items(one)], "or")
    bare = one.op in {"eq", "in"}
    if one.field in {"lr", "batch"}:
        return f"{name(one.field)} {shown}" if bare else f"a {name(one.field)} {'from ' * (one.op == 'range')}{shown}"
    if one.field == "size":
        return f"{shown} bytes"
    if one.field == "epochs":
        return f"{shown} epoch{'' if one.value == 1 else 's'}"
    if one.field == "uses":
        return shown.replace("-", " ")
    return f"“{shown}”" if one.field in {"text", "path"} else shown


def _spoken(item: Item) -> str:
    if not isinstance(item, tuple):
        return plain(item)
    low, high = item
    return (
        f"up to {plain(high)}"
        if low is None
        else f"{plain(low)} or more"
        if high is None
        else f"{plain(low)} to {plain(high)}"
    )


def _when(op: str, item: Item) -> str:
    """ "in April 2025", "on 2025-04-09", "before 2025-04-01"."""
    if not isinstance(item, tuple):
        return f"{_TIMES.get(op, 'on ')}{item}"
    first, last = (str(day) if day is not None else None for day in item)
    if first is None or last is None:
        return f"since {first}" if first else f"no later than {last}"
    begin, after = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
    if begin.day == after.day == 1 and (after.year - begin.year, after.month - begin.month) in {(0, 1), (1, -11)}:
        return f"in {begin:%B %Y}"
    if (begin.month, begin.day) == (after.month, after.day) == (1, 1) and after.year - begin.year == 1:
        return f"in {begin.year}"
    return f"on {first}" if first == last else f"from {first} to {last}"

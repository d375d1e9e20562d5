"""What functions are handed: the argument at the call, else what stands for it; and what a method is called on."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation import arguments, options
from index.facts.evaluation.configs import Configs
from index.facts.evaluation.fields import Fields
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import CallSite, Program, Scope, dotted
from index.facts.evaluation.records import MOST
from index.facts.evaluation.siblings import Siblings, names_settings

_COMPUTES = re.compile(r"property$|(^|\.)(define_scope|lazy\w*)$")


_CALLED = {ast.Name, ast.Attribute}


class Parameters(Fields):
    """Follows parameters out of a function, to the calls that enter it."""

    def __init__(self, program: Program, configs: Configs, siblings: Siblings | None = None) -> None:
        super().__init__(program, configs, siblings)
        self._wholes: dict[tuple[ast.Call, Frame], ast.Call] = {}
        self._completes = any(site.name == "partial" for scope in program.scopes for site in scope.calls)

    _carried: dict[str, list[CallSite]] | None = None  # calls that are given a function to run, by its name

    def _parameter(self, name: str, frame: Frame) -> list[Origin]:
        scope = frame.scope
        if scope.is_class or scope.rest == name:  # a field without a default
            return [Origin(ast.Name(name), frame)]
        if frame.call is not None:
            given = self._argument(scope, name, frame.call, frame.caller or Frame(frame.call.scope))
            return given if given is not None else self._default(scope, name)
        found: list[Origin] = []
        target = scope.owner if scope.name == "__init__" and scope.owner else scope
        for site in self.call_sites(target):
            if any(self.holds(guard, Frame(site.scope)) is False for guard in site.guards):
                continue
            given = self._argument(scope, name, site, Frame(site.scope))
            found += given if given is not None else self._default(scope, name)
        return found[:MOST] or self._launched(scope, name) or self._default(scope, name)

    def _launched(self, scope: Scope, name: str) -> list[Origin]:
        """`mp.spawn(main, args=(args,))`: the parsed command line of the same name, where nothing calls a function."""
        if name == "params":
            return self._estimated(scope)
        given_by_call = scope.owner is None and arguments.default(scope, name) is None
        handed = self._handed(scope, name) if given_by_call else []
        if handed:
            return handed
        module = self.program.module
        bindings = module.bindings.get(name, [])
        if not bindings or scope.owner is not None or arguments.default(scope, name) is not None:
            return []
        origins = self._bound(self._live(bindings, 1 << 30, Frame(module)), Frame(module))
        return [origin for origin in origins if isinstance(origin.node, ast.Call) and options.parses(origin.node)]

    def _handed(self, scope: Scope, name: str) -> list[Origin]:
        """What is handed over under the name of a parameter together with its function: `parallel.run(train, config)`,
        `mp.spawn(train, args=(config,))`."""
        if self._carried is None:
            self._carried = {}
            for caller in self.program.scopes:
                for site in caller.calls:
                    target = (keyword.value for keyword in site.node.keywords if keyword.arg == "target")
                    carried = site.node.args[0] if site.node.args else next(target, None)
                    if isinstance(carried, ast.Name):
                        self._carried.setdefault(carried.id, []).append(site)
        found: list[Origin] = []
        for site in self._carried.get(scope.name, []):
            if self.static(scope.name, site.scope) is not scope:
                continue
            home = Frame(site.scope)
            rest = next((keyword.value for keyword in site.node.keywords if keyword.arg == "args"), None)
            told = self.follow(rest, home) if rest is not None else []
            tuples = [(o.node.elts, o.frame) for o in told if isinstance(o.node, ast.Tuple | ast.List)]
            parts: list[tuple[ast.expr, Frame]] = [(part, home) for part in site.node.args[1:]]
            parts += [(part, where) for elements, where in tuples for part in elements]
            given = [pair for pair in parts if isinstance(pair[0], ast.Name) and pair[0].id == name]
            if not given and len(tuples) == 1:
                place = scope.positions.get(name, -1) - (site.name == "spawn")  # which tells each process its number
                given = [(part, tuples[0][1]) for part in tuples[0][0][place : place + 1] if place >= 0]
            found += [origin for part, where in given for origin in self.follow(part, where)]
        return found[:MOST]

    def _estimated(self, scope: Scope) -> list[Origin]:
        """The settings that `Estimator(model_fn=model_fn, params=settings)` hands to a function of the script."""
        for site in (site for caller in self.program.scopes for site in caller.calls):
            given = {keyword.arg: keyword.value for keyword in site.node.keywords}
            made = given.get("model_fn") or next(iter(site.node.args), None)
            told = given.get("params") or (
                site.node.args[3] if site.name == "Estimator" and site.node.args[3:] else None
            )
            if told is not None and made is not None and self.definition(made, Frame(site.scope)) is scope:
                return self.follow(told, Frame(site.scope))
        return []

    def _argument(self, scope: Scope, name: str, site: CallSite, caller: Frame) -> list[Origin] | None:
        """What a call passes for a parameter; None when it leaves the default."""
        given = arguments.given(scope, name, site.node)
        if given is not None:
            return self.follow(given, caller)
        spread = [
            o for keyword in site.node.keywords if keyword.arg is None for o in self.follow(keyword.value, caller)
        ]
        found = self._all(self._key(origin, name) for origin in spread)
        if not found and any(map(self._may_hold, spread)):
            return [Origin(ast.Name(name), caller)]  # settings that cannot be read may say otherwise
        return found or None

    def _default(self, scope: Scope, name: str) -> list[Origin]:
        outer = Frame(scope.parent or scope)
        if getattr(scope.node, "decorator_list", None):
            option = options.click(scope, name) or options.sacred(self.program, scope, name)
            if option is not None and option.default is not None:
                return self.follow(option.default, Frame(option.scope))
            settings = self._hydra(scope)
            if settings is not None:
                return [Origin(settings, outer)]
        default = arguments.default(scope, name)
        if default is not None:
            return self.follow(default, outer)
        annotated = arguments.annotation(scope, name)
        owner = self.static(annotated.id, scope.parent) if isinstance(annotated, ast.Name) else None
        if owner is None and isinstance(annotated, ast.Name | ast.Attribute):  # settings: configs.TrainingConfig
            called = annotated.id if isinstance(annotated, ast.Name) else annotated.attr
            owner = self.definition(annotated, outer) if names_settings(called) else None
        if owner is not None and owner.is_class:
            return [Origin(owner.node, outer)]
        return [Origin(ast.Name(name), Frame(scope))]

    def whole(self, call: ast.Call, frame: Frame) -> ast.Call:
        """A call with what `functools.partial` was given for it: `make(x)` of `make = partial(f, lr=1)` is
        `f(x, lr=1)`."""
        if not self._completes or type(call.func) not in _CALLED:
            return call
        key = (call, frame)
        if key not in self._wholes:
            self._wholes[key] = call  # while it is looked for
            given = next((o.given for o in self.follow(call.func, frame) if o.given is not None), None)
            if given is not None:
                self._wholes[key] = self.completed(given[0], given[1], call, frame)
        return self._wholes[key]

    def completed(self, partial: ast.Call, home: Frame, call: ast.Call | None, frame: Frame) -> ast.Call:
        """The call that `partial(f, …)` stands for, with what a `call` of it adds, to be read in a frame."""
        later = call or ast.copy_location(ast.Call(partial.args[0], [], []), partial)
        named = {keyword.arg for keyword in later.keywords}
        earlier = [self._carried_over(part, home, frame) for part in partial.args[1:]]
        keywords = [ast.keyword(k.arg, self._carried_over(k.value, home, frame))
                    for k in partial.keywords if k.arg not in named]  # fmt: skip
        made = ast.Call(partial.args[0], [*earlier, *later.args], [*later.keywords, *keywords])
        return ast.copy_location(made, later)

    def _carried_over(self, node: ast.expr, home: Frame, frame: Frame) -> ast.expr:
        """An expression as another frame can read it: as it is where its names mean the same there, else its
        constant."""
        if home.scope is frame.scope or home.scope is home.scope.module:
            return node
        found = self.follow(node, home)
        known = len(found) == 1 and isinstance(found[0].node, ast.Constant)
        return found[0].node if known and isinstance(found[0].node, ast.Constant) else node

    def _computed(self, definition: ast.AST, frame: Frame) -> list[Origin]:
        """What a method of a class computes where it is read as an attribute: `@property`, `@define_scope`."""
        decorators = getattr(definition, "decorator_list", []) if frame.scope.is_class else []
        names = [dotted(part.func if isinstance(part, ast.Call) else part) or "" for part in decorators]
        method = self.program.by_node.get(definition) if any(map(_COMPUTES.search, names)) else None
        if method is None or method.is_class:
            return []
        return self._all(self.follow(value, Frame(method)) for value, _ in method.returns)

    def _kept_by_base(self, owner: Scope, name: str, frame: Frame) -> list[Origin]:
        """What `__init__` hands to a base of another file, which keeps it under the same name; empty where it is not
        so."""
        initialiser = self.member(owner, "__init__")
        if initialiser is None or not arguments.handed_up(initialiser, name):
            return []
        if self.siblings.project and not names_settings(name):
            return []
        made = [scope.method("__init__") for scope in [owner, *self.bases(owner)]]
        if any(method is not None and f"self.{name}" in method.bindings for method in made):
            return []
        return self._parameter(name, self._constructed(initialiser, frame))

    def _constructed(self, method: Scope, frame: Frame) -> Frame:
        """The frame of `__init__` that made the object whose method is running, where the calls tell."""
        if method.name == "__init__":
            for origin in self._itself(frame):
                made = self.instance_of(origin) if isinstance(origin.node, ast.Call) else None
                first = self.member(made, "__init__") if made is not None else None
                if first is None or not isinstance(origin.node, ast.Call):
                    continue
                inner = Frame(first, CallSite(origin.node, origin.frame.scope), origin.frame)
                if first is method:
                    return inner
                for site in first.calls:  # super().__init__(…)
                    if (
                        isinstance(site.node.func, ast.Attribute)
                        and self.method_called(site.node.func, inner) is method
                    ):
                        return Frame(method, site, inner)
        elif (entered := self._entered_by(method, frame)) is not None:
            return entered
        elif (held := self._held(frame)) is not None:  # trainer.init(); trainer.run()
            name, _, outside = held
            for site in outside.scope.calls:
                function = site.node.func
                if site.name == method.name and isinstance(function, ast.Attribute) and dotted(function.value) == name:
                    return Frame(method, site, outside)
        return Frame(method)

    def _entered_by(self, method: Scope, frame: Frame) -> Frame | None:
        """The frame of a method that one which is running has called on the same object, `self.build(); self.train()`,
        or that has made it."""
        around: Frame | None = frame
        while around is not None:
            if around.scope.owner is not None and (entered := _called_on_itself(method, around)) is not None:
                return entered
            around = around.caller
        for origin in self._itself(frame):
            made = self.instance_of(origin) if isinstance(origin.node, ast.Call) else None
            for scope in [made, *self.bases(made)] if made is not None else []:
                initialiser = scope.method("__init__")
                home = self._constructed(initialiser, frame) if initialiser is not None else None
                if home is not None and home.call is not None and (entered := _called_on_itself(method, home)):
                    return entered
        return None

    def _held(self, frame: Frame) -> tuple[str, int, Frame] | None:
        """What the object whose method is running is called where that was called from outside, the line, and there."""
        called = frame.call.node.func if frame.call is not None else None
        if frame.call is None or not isinstance(called, ast.Attribute) or called.attr != frame.scope.name:
            return None
        caller = frame.caller or Frame(frame.call.scope)
        name = dotted(called.value)
        if name in {"self", "cls"} or (isinstance(called.value, ast.Call) and dotted(called.value.func) == "super"):
            return self._held(caller)
        return (name, frame.call.node.lineno, caller) if name else None

    def _set_outside(self, attribute: str, frame: Frame) -> list[Origin]:
        """What is set on the object whose method is running before it is called: `trainer.epochs = 100`."""
        held = self._held(frame)
        return self._assigned(f"{held[0]}.{attribute}", *held[1:]) if held is not None else []

    def _heir(self, owner: Scope, frame: Frame) -> Scope:
        """The class of the object whose method is running, where that inherits it from `owner`; else `owner`."""
        made = map(self.instance_of, self._itself(frame) if frame.scope.owner is owner else [])
        return next((heir for heir in made if heir is not None and owner in self.bases(heir)), owner)

    def _itself(self, frame: Frame) -> list[Origin]:
        """What `self` is in a method that is running: what it was called on, or the call that makes it."""
        if frame.call is None:
            return []
        called, caller = frame.call.node.func, frame.caller or Frame(frame.call.scope)
        again = isinstance(called, ast.Attribute) and called.attr == "__init__"  # super().__init__()
        if frame.scope.name in {"__init__", "__post_init__"} and not again:
            return [Origin(frame.call.node, caller)]
        by_itself = frame.scope.name in {"__call__", "forward"}  # maml(x), self.maml(x)
        if isinstance(called, ast.Attribute) and (called.attr == frame.scope.name or not by_itself):
            called = called.value
        elif not by_itself:
            return []
        if dotted(called) in {"self", "cls"} or (isinstance(called, ast.Call) and dotted(called.func) == "super"):
            return self._itself(caller)
        return self.follow(called, caller)

    def _base(self, base: ast.Name | ast.Attribute, scope: Scope) -> Scope | None:
        own = super()._base(base, scope)
        if own is not None or not self.siblings.project:
            return own
        found = self.definition(base, Frame(scope.parent or scope))
        return found if found is not None and found.is_class else None


def _called_on_itself(method: Scope, frame: Frame) -> Frame | None:
    """The frame of a method that the one which is running calls on its own object."""
    for site in frame.scope.calls:
        function = site.node.func
        if site.name == method.name and isinstance(function, ast.Attribute) and dotted(function.value) == "self":
            return Frame(method, site, frame)
    return None

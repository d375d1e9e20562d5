"""Follows an expression to where its value comes from: through names, attributes, calls and arguments.

The order of trust is the one Python has at run time: an assignment before the use, the argument at the call, the
default of the command-line option, the default of the parameter, the constant of the module.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from index.facts.evaluation import options
from index.facts.evaluation.configs import Configs
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.known_calls import HOLDERS, SAME_OBJECT, WRAPPERS, of_typing
from index.facts.evaluation.parameters import Parameters
from index.facts.evaluation.program import Binding, CallSite, Guard, Program, Scope, dotted
from index.facts.evaluation.records import GETS, MOST
from index.facts.evaluation.siblings import Siblings

_STEPS = 30_000  # of one script, in all; what is not followed by then stays unresolved
_STEPS_OF_PROJECT = 3000
_DEPTH = 48
_LIVE = 32
_LOOKED_BACK = 2000
_KEYS = 8  # entries of a dict that one subscript may mean
_ENVIRONMENT = {"get": {"os.environ.get", "environ.get"}, "getenv": {"os.getenv"}}
_KEPT = re.compile(r"self\.(h_?params|args|opts?|options)\.\w+")
_OPEN: list[Origin] = []  # what is being followed: to come back to it leads nowhere
_NAMES = {ast.Name, ast.Attribute}
_LEADING = {ast.Name, ast.Attribute, ast.Subscript, ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Call}


class Resolver(Parameters):
    """Follows expressions of one program. `decide` says how a test comes out, or None when that is open."""

    def __init__(
        self,
        program: Program,
        decide: Callable[[ast.expr, Frame], bool | None],
        configs: Configs,
        siblings: Siblings | None = None,
    ) -> None:
        super().__init__(program, configs, siblings)
        self._decide = decide
        self._steps = _STEPS_OF_PROJECT if self.siblings.project else _STEPS
        self._depth = 0
        self._followed: dict[tuple[ast.expr, Frame], list[Origin]] = {}
        self._of_bindings: dict[tuple[Binding, Frame], list[Origin]] = {}
        self._of_libraries: dict[tuple[str, Scope], list[Origin]] = {}

    # -- following ------------------------------------------------------------------------------------------

    def follow(self, node: ast.expr, frame: Frame) -> list[Origin]:
        """All the places the value may come from; a single Origin of `node` itself when it leads nowhere.

        The list is kept, and not to be changed.
        """
        if type(node) not in _LEADING:
            return [Origin(node, frame)]
        key = (node, frame)
        followed = self._followed.get(key)
        if followed is not None:
            return followed if followed is not _OPEN else [Origin(ast.Name("?"), frame)]
        module = frame.scope.module
        root: ast.AST = node
        while type(root) is ast.Attribute:
            root = root.value
        name: str | None = None
        if type(root) is ast.Name and root.id in module.fixed:  # of a library: the same wherever it stands
            name = dotted(node) or ""
            known = self._of_libraries.get((name, module))
            if known is not None:
                self._followed[key] = known
                return known
        self._steps -= 1
        if self._steps < 0 or self._depth > _DEPTH:
            return [Origin(ast.Name("?"), frame)]
        self._depth += 1
        self._followed[key] = _OPEN
        origins = self._followed[key] = self._follow(node, frame) or [Origin(node, frame)]
        self._depth -= 1
        if name is not None and len(origins) == 1 and origins[0].name:
            self._of_libraries[name, module] = origins
        return origins

    def _follow(self, node: ast.expr, frame: Frame) -> list[Origin]:
        if type(node) is ast.Name:
            return self._named(node, frame)
        if type(node) is ast.Attribute:
            return self._attribute(node, node.value, node.attr, frame)
        if type(node) is ast.Call:
            return self._call(node, frame)
        match node:
            case ast.Subscript(slice=ast.Constant(value=str() as key)):
                return self._attribute(node, node.value, key, frame)
            case ast.Subscript(slice=ast.Constant(value=int() as index)):
                return self._all(self._item(origin, index) for origin in self.follow(node.value, frame))
            case ast.Subscript():
                chosen = [o.node for o in self.follow(node.slice, frame)]
                keys = [key.value for key in chosen if isinstance(key, ast.Constant) and isinstance(key.value, str)]
                if 1 <= len(keys) == len(chosen) <= _KEYS:  # CONFIGS["cuda" if available else "cpu"]
                    return self._all(self._attribute(node, node.value, key, frame) for key in dict.fromkeys(keys))
                if type(node.slice) in _NAMES:  # rates[trial]: one of all
                    lists = self.follow(node.value, frame)
                    return self._all(map(self._any_of, lists)) if not _table(lists) else []
            case ast.IfExp():
                decided = self._decide(node.test, frame)
                if decided is None and (instead := self._instead(node, frame)) is not None:
                    return self.follow(instead, frame)
                branches = [node.body, node.orelse] if decided is None else [node.body if decided else node.orelse]
                return self._all(self.follow(branch, frame) for branch in branches)
            case ast.BoolOp(op=ast.Or()):
                decided = self._decide(node.values[0], frame)
                if decided is not None:
                    return self.follow(node.values[0] if decided else node.values[-1], frame)
            case ast.NamedExpr():
                return self.follow(node.value, frame)
            case _:
                pass
        return []

    def _instead(self, node: ast.IfExp, frame: Frame) -> ast.expr | None:
        """What stands for a parameter that is None where nobody gives it: `rate if rate is not None else RATE`."""
        match node.test:
            case ast.Compare(
                left=ast.Name(id=name), ops=[ast.IsNot() | ast.Is() as op], comparators=[ast.Constant(None)]
            ):
                given, instead = (node.body, node.orelse) if isinstance(op, ast.IsNot) else (node.orelse, node.body)
            case ast.Name(id=name):
                given, instead = node.body, node.orelse
            case _:
                return None
        if not (isinstance(given, ast.Name) and given.id == name):
            return None
        origins = [origin.node for origin in self.follow(given, frame)]
        left = bool(origins) and all(isinstance(o, ast.Constant) and o.value is None for o in origins)
        return instead if left else None

    def _named(self, node: ast.Name, frame: Frame) -> list[Origin]:
        origins = self._lookup(node.id, getattr(node, "lineno", 0), frame)
        if node.id not in self.program.assigned:
            return origins
        return [
            Origin(o.node, o.frame, o.name, o.element, ((node, frame), *o.aliases), o.given)
            if type(o.node) in HOLDERS
            else o
            for o in origins
        ]

    def _lookup(self, name: str, line: int, frame: Frame) -> list[Origin]:
        scope: Scope | None = frame.scope
        while scope is not None:
            bindings = scope.bindings.get(name)
            if bindings and (scope is frame.scope or not scope.is_class):
                home = frame
                if scope is not frame.scope:
                    # `global x` in the function that is running: what it binds later is not yet bound
                    bindings = [b for b in bindings if b.scope is not frame.scope or b.line < line]
                    home = frame.outer(scope)
                if len(bindings) == 1 and not bindings[0].guards:  # as most names: wherever it is read from
                    return self._binding(bindings[0], home)
                before = line if scope is frame.scope else self._entry_line(frame, scope)
                return self._bound(self._live(bindings, before, home), home)
            scope = scope.parent
        for module in self.siblings.starred(frame.scope.module):
            found = self._named_in(module, name, []) if name in module.bindings else []
            if found:
                return found
        return []

    def _entry_line(self, frame: Frame, scope: Scope) -> int:
        """The line in `scope` from which the running function was entered; the end of the text if unknown."""
        step: Frame | None = frame
        while step is not None:
            if step.call is not None and step.call.scope is scope:
                return step.call.node.lineno
            step = step.caller
        sites = [site for site in self._sites.get(frame.scope, []) if site.scope is scope] if self._sites else []
        return sites[0].node.lineno if len(sites) == 1 else 1 << 30

    def _live(self, bindings: list[Binding], before: int, frame: Frame) -> list[Binding]:
        """The bindings that may be in force at a line: back from it to the first that is sure to have run."""
        if not bindings or (len(bindings) == 1 and not bindings[0].guards):
            return bindings
        place = bisect_right(bindings, before, key=lambda binding: binding.line)
        while place and bindings[place - 1].kind == "value" and _runs_on(bindings[place - 1], before):
            place -= 1
        live: list[Binding] = []
        excluded: list[Guard] = []
        for step in range(max(place, 1) - 1, -1, -1):
            binding = bindings[step]
            if len(live) >= _LIVE or place - step > _LOOKED_BACK:
                break  # a choice of so many is no value
            if not binding.guards:
                live.append(binding)
                break
            states = [self.holds(guard, Frame(binding.scope) if binding.scope is not frame.scope else frame)
                      for guard in binding.guards]  # fmt: skip
            if any(state is False for state in states):
                continue
            if any(g.test is e.test and g.wanted != e.wanted for g in binding.guards for e in excluded):
                live.append(binding)
                break  # the two arms of one `if`: nothing before them is left
            live.append(binding)
            if all(states):
                break
            excluded += binding.guards
        return live

    def holds(self, guard: Guard, frame: Frame) -> bool | None:
        """Whether a guarded statement runs; None when that cannot be known from the text."""
        decided = self._decide(guard.test, frame)
        return None if decided is None else decided == guard.wanted

    def _bound(self, bindings: list[Binding], frame: Frame) -> list[Origin]:
        if len(bindings) == 1:
            return self._binding(bindings[0], frame)
        return self._all(self._binding(binding, frame) for binding in bindings)

    def _binding(self, binding: Binding, frame: Frame) -> list[Origin]:
        home = frame if binding.scope is frame.scope else Frame(binding.scope)
        node, kind = binding.node, binding.kind
        if kind == "import":
            return self._imported(str(node), home) or [Origin(ast.Name(str(node)), home, name=str(node))]
        if kind == "definition":
            assert isinstance(node, ast.AST)
            return self._computed(node, home) or [Origin(node, home)]
        key = (binding, home)
        origins = self._of_bindings.get(key)
        if origins is not None:
            return origins
        if kind == "parameter":
            origins = self._parameter(str(node), home)
        else:
            assert isinstance(node, ast.expr)
            origins = self._element(node, binding.path, home) if kind == "element" else self.follow(node, home)
            for index in binding.path if kind == "value" else ():
                origins = self._all(self._item(origin, index) for origin in origins)
        if self._complete:  # else a parameter may be given more than is known so far
            self._of_bindings[key] = origins
        return origins

    def _element(self, iterable: ast.expr, path: tuple[int, ...], frame: Frame) -> list[Origin]:
        found: list[Origin] = []
        for origin in self.follow(iterable, frame):
            if isinstance(origin.node, ast.List | ast.Tuple) and len(origin.node.elts) <= 16:
                for element in origin.node.elts:
                    items = self.follow(element, origin.frame)
                    for index in path:
                        items = self._all(self._item(item, index) for item in items)
                    found += items
            else:
                found.append(Origin(origin.node, origin.frame, element=True))
        return found[:MOST]

    def _item(self, origin: Origin, index: int) -> list[Origin]:
        node = origin.node
        if isinstance(node, ast.Tuple | ast.List) and -len(node.elts) <= index < len(node.elts):
            return self.follow(node.elts[index], origin.frame)
        if isinstance(node, ast.Call):
            if options.parses(node):
                return self._dataclass(node, origin.frame, index) or [origin]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "prepare" and index < len(node.args):
                return self.follow(node.args[index], origin.frame)  # accelerate gives its arguments back
            return [replace(origin, element=True)]
        return [Origin(ast.Name("?"), origin.frame)]

    def _any_of(self, origin: Origin) -> list[Origin]:
        """The elements of a list that is written out, or made of one, of which an index takes one."""
        node = origin.node
        if isinstance(node, ast.Tuple | ast.List) and 1 <= len(node.elts) <= _KEYS:
            return self._all(self.follow(element, origin.frame) for element in node.elts)
        if isinstance(node, ast.ListComp):  # [Adam(net.parameters()) for net in nets][i]: each is made so
            return self.follow(node.elt, origin.frame)
        return [Origin(ast.Name("?"), origin.frame)]

    # -- attributes and keys ---------------------------------------------------------------------------------

    def _attribute(self, node: ast.expr, base: ast.expr, key: str, frame: Frame) -> list[Origin]:
        if self._own is not None and key not in self._own:  # nothing in the script is called so
            imported = [origin for origin in self.follow(base, frame) if origin.name]
            return self._all(self._key(origin, key) for origin in imported) if imported else []
        text = dotted(node)
        if text and text.startswith(("self.", "cls.")) and (owner := frame.scope.class_around) is not None:
            found = self._self_attribute(text.split(".", 1)[1], owner, frame, getattr(node, "lineno", 0))
            if found:
                return found
        if text and text in self.program.assigned:
            assigned = self._assigned(text, node.lineno, frame)
            if assigned:
                return assigned
        if text and self.merged:
            root, *keys = text.split(".")
            if root in self.merged:
                settings = self.merged[root]
                found = [Origin(settings, frame)] if settings is not None else []
                for step in keys:
                    found = self._all(self._key(origin, step) for origin in found)
                if found or settings is None:
                    inner = all(isinstance(origin.node, ast.Dict) for origin in found)  # what it lacks stays as it was
                    return found + (self._keyed(base, key, frame) if found and inner else [])
        found = self._keyed(base, key, frame)
        if not found and text and _KEPT.fullmatch(text):  # whoever makes the object gives it what the script declares
            return self._option(self.options.parsed(key))
        return found

    def _keyed(self, base: ast.expr, key: str, frame: Frame) -> list[Origin]:
        origins = self.follow(base, frame)
        if len(origins) == 1:
            return self._key(origins[0], key)
        return self._all(self._key(origin, key) for origin in origins)

    def _assigned(self, text: str, line: int, frame: Frame) -> list[Origin]:
        """`args.lr = …` before the use, with what it replaces where the assignment may not have run."""
        if text not in self.program.assigned:
            return []
        scope: Scope | None = frame.scope
        root, _, rest = text.partition(".")
        while scope is not None:
            here = scope is frame.scope
            bindings = scope.bindings.get(text)
            before = 0 if not bindings else line if here else self._entry_line(frame, scope)
            earlier = [binding for binding in bindings or [] if binding.line < before]
            if earlier:
                home = frame if here else Frame(scope)
                live = self._live(earlier, before, home)
                found = self._bound(live, home)
                sure = any(all(self.holds(g, home) for g in binding.guards) for binding in live)
                if not sure and live:
                    found = found + self._keys(self._lookup(root, earlier[0].line, home), rest.split("."))
                return found
            scope = scope.parent
        return []

    def _self_attribute(self, name: str, owner: Scope, frame: Frame, line: int) -> list[Origin]:
        head, _, rest = name.partition(".")
        if outside := self._set_outside(name, frame):
            return outside
        owner = self._heir(owner, frame)
        for scope in [owner, *self.bases(owner)]:
            bindings = self._attributes(scope).get(f"self.{name}")
            if bindings:
                method = bindings[0].scope
                if method.name != "__init__" and (kept := self._kept_by_base(owner, name, frame)):
                    return kept
                home = frame if method is frame.scope else self._constructed(method, frame)
                itself = method is frame.scope and any(binding.line == line for binding in bindings)
                # `self.net = self.net.to(device)` reads what was there before
                return self._bound(self._live(bindings, line if itself else 1 << 30, home), home)
            if not rest and scope.bindings.get(head):
                made = [origin for origin in self._itself(frame) if self.instance_of(origin) is owner]
                if made:  # of a record: what it was made with
                    return self._all(self._field(owner, head, origin) for origin in made)
                return self._bound(self._live(scope.bindings[head], 1 << 30, Frame(scope)), Frame(scope))
        initialiser = self.member(owner, "__init__")
        if initialiser is not None and head == "hparams" and rest:
            first, *keys = rest.split(".")  # self.hparams.optimizer_hparams["lr"]
            if first in initialiser.bindings or not self.options.parsed(first):
                return self._keys(self._parameter(first, Frame(initialiser)), keys)
        return self._kept_by_base(owner, name, frame)

    # -- calls ----------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, frame: Frame) -> list[Origin]:
        function = node.func
        if isinstance(function, ast.Attribute):
            if function.attr in SAME_OBJECT:
                objects = self.follow(function.value, frame)
                if not (isinstance(function.value, ast.Name) and any(origin.name for origin in objects)):
                    return objects
            if function.attr in _ENVIRONMENT and dotted(function) in _ENVIRONMENT[function.attr]:
                default = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "default")]
                return self.follow(default[0], frame) if default else []
            if function.attr in GETS and node.args and isinstance(node.args[0], ast.Constant):
                return self._got(node, function.value, frame)
        if isinstance(function, ast.Name) and function.id == "getattr" and len(node.args) >= 2:
            key = node.args[1]
            if isinstance(key, ast.Constant):
                found = self._all(self._key(o, str(key.value)) for o in self.follow(node.args[0], frame))
                return found or (self.follow(node.args[2], frame) if len(node.args) > 2 else [])
            return []
        whole = self.whole(node, frame)
        if whole is not node:
            return self.follow(whole, frame)
        called = self.definitions(function, frame)
        if not called and isinstance(function, ast.Attribute) and (method := self.method_called(function, frame)):
            called = [method]
        if len(called) == 1:
            return self._returned(called[0], node, frame)
        if called:  # one of several, each with its own
            return self._all(self._returned(scope, node, frame) or [Origin(node, frame)] for scope in called)
        last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if last == "cast" and len(node.args) == 2 and of_typing(function, frame.scope.module):
            return self.follow(node.args[1], frame)
        if last in WRAPPERS and node.args and not isinstance(node.args[0], ast.Starred):
            if dotted(function) in {None, "theano.function"}:
                return []  # which compiles expressions; TensorFlow's wraps what it is given
            found = self.follow(node.args[0], frame)
            return [replace(o, given=(node, frame)) for o in found] if last == "partial" else found
        return []

    def _returned(self, scope: Scope, node: ast.Call, frame: Frame) -> list[Origin]:
        """What a function of the script gives back to a call."""
        if scope.is_class or not scope.returns or frame.runs(scope):
            return []
        further = any(keyword.arg is not None and keyword.arg not in scope.bindings for keyword in node.keywords)
        if further and scope.module is not self.program.module:
            return []  # settings of another file that the call changes
        inner = Frame(scope, CallSite(node, frame.scope), frame)
        live = [value for value, guards in scope.returns if all(self.holds(g, inner) is not False for g in guards)]
        return self._all(self.follow(value, inner) for value in live)


def _runs_on(binding: Binding, line: int) -> bool:
    """Whether a line is of the statement that binds a name, which still has what it had before."""
    return binding.line == line or binding.line < line <= (getattr(binding.node, "end_lineno", 0) or 0)


def _table(origins: list[Origin]) -> bool:
    """Whether a dict is what an unknown key looks into: what it gives is not followed."""
    return len(origins) == 1 and isinstance(origins[0].node, ast.Dict)

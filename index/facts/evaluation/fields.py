"""The attributes of objects: what their maker gives, what the constructor binds, the defaults of the class."""

from __future__ import annotations

import ast

from index.facts.evaluation.configs import Configs
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.known_calls import VALIDATES
from index.facts.evaluation.program import Binding, CallSite, Program, Scope, dotted
from index.facts.evaluation.records import Records
from index.facts.evaluation.siblings import Siblings

_FIELD = {"field", "Field", "ib", "attrib"}


class Fields(Records):
    """Finds what an object has under a name."""

    def __init__(self, program: Program, configs: Configs, siblings: Siblings | None = None) -> None:
        super().__init__(program, configs, siblings)
        self._kept: dict[Scope, dict[str, list[Binding]]] = {}

    def _field(self, owner: Scope, key: str, instance: Origin | None) -> list[Origin]:
        """An attribute of a class of this script, or of the object that one call of it makes."""
        call = instance.node if instance is not None and isinstance(instance.node, ast.Call) else None
        initialiser = self.member(owner, "__init__")
        if call is not None and instance is not None:
            given = call.keywords if initialiser is None or _sets_all(initialiser) else []
            for keyword in given:
                if keyword.arg == key:
                    return self.follow(keyword.value, instance.frame)
            spread = [keyword.value for keyword in given if keyword.arg is None]
            whole = isinstance(call.func, ast.Attribute) and call.func.attr in VALIDATES
            spread += call.args[:1] if whole else []
            for settings in (origin for part in spread for origin in self.follow(part, instance.frame)):
                if (found := self._key(settings, key)) or self._may_hold(settings):
                    return found  # Config(**yaml.safe_load(file)): instead of the field's default, or unknown
            if initialiser is None and call.args and not whole:
                fields = [name for name in owner.bindings if "." not in name]
                if key in fields and fields.index(key) < len(call.args):
                    return self.follow(call.args[fields.index(key)], instance.frame)
        if initialiser is not None:
            bindings = initialiser.bindings.get(f"self.{key}", [])
            if bindings:
                site = CallSite(call, instance.frame.scope) if call is not None and instance else None
                home = Frame(initialiser, site, instance.frame if site and instance else None)
                return self._bound(self._live(bindings, 1 << 30, home), home)
        later = self._attributes(owner).get(f"self.{key}", []) if call is not None else []
        if later:  # what another of its methods sets
            home = Frame(later[0].scope)
            if home.scope.name == "__post_init__" and instance is not None and call is not None:
                home = Frame(home.scope, CallSite(call, instance.frame.scope), instance.frame)
            return self._bound(self._live(later, 1 << 30, home), home)
        for scope in [owner, *self.bases(owner)]:
            bindings = scope.bindings.get(key, [])
            if bindings:
                found = self._bound(self._live(bindings, 1 << 30, Frame(scope)), Frame(scope))
                return self._all(self._field_default(item) for item in found)
        return []

    def _attributes(self, owner: Scope) -> dict[str, list[Binding]]:
        """What the first method of a class that binds an attribute binds to it; `__init__` comes before all."""
        if owner not in self._kept:
            found: dict[str, list[Binding]] = {}
            for method in sorted(owner.children, key=lambda child: child.name != "__init__"):
                for name, bindings in method.bindings.items():
                    own = [binding for binding in bindings if binding.scope is method]
                    if own and all(map(_nothing, found.get(name, []))):  # None until another method binds it
                        found[name] = own
            self._kept[owner] = found
        return self._kept[owner]

    def _field_default(self, origin: Origin) -> list[Origin]:
        """`field(default=3)` and `field(default_factory=lambda: [3])` of a dataclass; `Field(3)`, `attr.ib(3)`."""
        node = origin.node
        if isinstance(node, ast.Call) and (dotted(node.func) or "").split(".")[-1] in _FIELD:
            if node.args:
                return self.follow(node.args[0], origin.frame)
            for keyword in node.keywords:
                if keyword.arg == "default":
                    return self.follow(keyword.value, origin.frame)
                if keyword.arg in {"default_factory", "factory"}:
                    if isinstance(keyword.value, ast.Lambda):
                        return self.follow(keyword.value.body, origin.frame)
                    scope = self.definition(keyword.value, origin.frame)
                    return [Origin(scope.node, origin.frame)] if scope is not None else []
        return [origin]


def _sets_all(initialiser: Scope) -> bool:
    """Whether an object takes whatever it is given by name: `for k, v in kwargs.items(): setattr(self, k, v)`."""
    if initialiser.rest is None:
        return False
    updates = any((dotted(site.node.func) or "").endswith("__dict__.update") for site in initialiser.calls)
    return updates or any(site.name == "setattr" and site.loops for site in initialiser.calls)


def _nothing(binding: Binding) -> bool:
    """Whether a name is bound to None."""
    return isinstance(binding.node, ast.Constant) and binding.node.value is None

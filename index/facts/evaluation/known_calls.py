"""Calls of libraries that following sees through, by the last part of their name."""

from __future__ import annotations

import ast

from index.facts.evaluation.program import Scope, dotted

# Calls whose result stands for what they were called on, or for their first argument.
SAME_OBJECT = {"to", "cuda", "cpu", "eval", "train", "half", "float", "double", "requires_grad_", "copy", "clone",
               "freeze"}  # fmt: skip
WRAPPERS = {
    "DataParallel", "DistributedDataParallel", "FullyShardedDataParallel", "DDP", "FSDP", "ZeroDDP",
    "GeminiDDP", "compile", "vars", "deepcopy", "copy", "asdict",
    "tqdm", "trange", "enumerate", "iter", "cycle", "cli", "create", "EasyDict", "AttrDict", "DotMap", "ConfigDict",
    "AttributeDict", "edict", "Munch", "jit", "Jit", "Parallel", "pmap", "vmap", "grad", "value_and_grad", "function",
    "partial",
    "checkpoint", "remat", "get_peft_model", "prepare_model_for_kbit_training", "track", "progress_bar", "list",
    "tuple",
    "setup_dataloaders", "device_put", "script", "multi_gpu_model",
    "placeholder_with_default",
}  # fmt: skip
VALIDATES = {"model_validate", "parse_obj"}  # of a class of pydantic, which they make an object of
HOLDERS = {ast.Call, ast.ClassDef, ast.Dict}
RECORDS = {"dict", "Namespace", "SimpleNamespace", "Config", "CfgNode", "Box", "DotDict", "Bunch", "Struct", "HParams",
           *WRAPPERS}  # fmt: skip


def of_typing(function: ast.expr, module: Scope) -> bool:
    """Whether a call of `cast` only tells a type checker: `cast(int, config["size"])`."""
    bound = module.bindings.get(dotted(function) or "", [])
    return dotted(function) == "typing.cast" or any(str(binding.node) == "typing.cast" for binding in bound)

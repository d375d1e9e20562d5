"""Probabilistic programs: a function that says how the data came about, fitted by sampling or by variational inference
(Pyro, NumPyro, TensorFlow Probability, BlackJAX)."""

from __future__ import annotations

from index.facts.evaluation.analysis import Analysis

LIBRARIES = {"pyro": "PyTorch", "numpyro": "JAX", "blackjax": "JAX"}  # and what they are written with
_HOMES = (*LIBRARIES, "tensorflow_probability", "tfp")
# What fits a program, whichever of its kernels it is given.
_FITS = {
    "MCMC",
    "SVI",
    "NestedSampler",
    "TraceEnum_ELBO",
    "sample_chain",
    "Importance",
    "Stein",
    "SteinVI",
    "NUTS",
    "HMC",
}


def builds(analysis: Analysis) -> bool:
    """Whether the script fits such a program, or is one: a function that draws from distributions by name."""
    for name in ("sample", *_FITS):
        for executed in analysis.called.get(name, []):
            home, *parts = analysis.name(executed.site.node.func, executed.frame).split(".")
            if home not in _HOMES or not parts:
                continue
            written = home in LIBRARIES and len(parts) == 1 and executed.frame.scope is not analysis.program.module
            if name != "sample" or written:
                return True
    return False

"""Search results for tests, in the contract's shape."""

from __future__ import annotations

from typing import Any


def result(rank: int = 1, **changes: Any) -> dict[str, Any]:
    """One result of the search document, any field changed."""
    return {
        "rank": rank,
        "model_id": "Generative-Fashion-MNIST_latent_new_model",
        "similarity_score": 0.914,
        "similarity_distance": 0.45,
        "size": 48845,
        "created": "2025-04-09T00:00:00Z",
        "modified": "2025-05-02T10:11:12Z",
        "path": "/data/models/Generative-Fashion-MNIST/latent_new_model.py",
        "description": "Latent diffusion on Fashion-MNIST: an autoencoder first, then a U-Net over its codes.",
        "framework": "PyTorch",
        "arch": "Latent U-Net",
        "dataset": "FashionMNIST",
        "batch": 256,
        "lr": 0.001,
        "optimizer": "AdamW",
        "epochs": 100,
        "hw": "CPU/GPU",
        "stages": [
            {"name": "train_autoencoder", "line": 812, "batch": 256, "lr": 0.0001, "optimizer": "Adam", "epochs": 20},
            {"name": "train_diffusion", "line": 1011, "batch": 256, "lr": 0.001, "optimizer": "AdamW", "epochs": 100},
        ],
        "tags": ["cnn", "unet"],
        "evidence": {"batch": 34, "lr": 1020},
        "keyword_rank": 2,
        "semantic_rank": 5,
        "why": ["Conv2d used 14 times, first at line 88", "created 2025-04-09 (git)"],
    } | changes


def shown(rank: int = 1, **changes: Any) -> dict[str, Any]:
    """All that is known of one script, as `show` answers; no search, so no rank and no reasons."""
    script = {
        "summary": "Latent diffusion on Fashion-MNIST.\nAn autoencoder first, then a U-Net over its codes.",
        "created_source": "git",
        "outline": [{"tag": "unet", "line": 40, "reason": "class UNet"}],
        "cells": [],
        "source": ["import torch", ""],
    }
    found = result(rank, **script) | changes
    return {key: value for key, value in found.items() if key not in _OF_A_SEARCH}


_OF_A_SEARCH = ("rank", "similarity_score", "similarity_distance", "keyword_rank", "semantic_rank", "why")


def bare(rank: int = 2) -> dict[str, Any]:
    """A result whose script states next to nothing."""
    silent = dict.fromkeys(
        (
            "similarity_distance",
            "description",
            "framework",
            "arch",
            "dataset",
            "batch",
            "lr",
            "optimizer",
            "epochs",
            "hw",
        )
    )
    return result(rank, model_id="v1_script", path="/home/me/v1/script.py", stages=[], tags=[], why=[], **silent)


HOSTILE = "a[/b] [@click=app.quit]x[/] \x1b[31mred\x1b]0;t\x07 \u202eabc\u200d [bold"

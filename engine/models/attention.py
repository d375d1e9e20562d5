"""Attention over the pixels of a feature map, residual: softmax, O(n²) in the pixels n, and linear, O(n)."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.blocks import group_norm, zeroed

HEAD_DIM = 32


class Attention(nn.Module):
    """Multi-head self-attention of a feature map, added to it: (B, C, H, W) -> (B, C, H, W).

    `softmax` is Vaswani et al. 2017; `linear` is the efficient attention of Shen et al. 2021, softmax over the features
    of each query and over the pixels of each key feature, so that keys and values are joined first.
    """

    def __init__(self, channels: int, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.heads = max(1, channels // HEAD_DIM)
        if channels % self.heads:
            self.heads = 1
        self.norm = group_norm(channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1, bias=False)
        self.out = zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, h * w).unbind(1)  # (B, heads, d, n)
        if self.kind == "softmax":
            mixed = F.scaled_dot_product_attention(q.mT, k.mT, v.mT).mT
        else:
            context = v @ k.softmax(dim=-1).mT  # (B, heads, d, d): the pixels are gone
            mixed = context @ q.softmax(dim=-2)
        y: Tensor = x + self.out(mixed.reshape(b, c, h, w))
        return y

"""Denoisers by what they are given, U-Nets by what their blocks join, linear attention by what is normalised."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse

DENOISER = """
import torch
from torch import nn, optim
class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(2, 32, 3), nn.Conv2d(32, 64, 3))
        self.decoder = nn.Sequential(nn.ConvTranspose2d(64, 32, 3), nn.Conv2d(32, 1, 3))
    def forward(self, x{level}):
        return self.decoder(self.encoder(x))
model = Denoiser()
optimizer = optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(3):
    for images, _ in loader:
        noise_level = torch.rand(len(images), 1, 1, 1)
        noisy = images + torch.randn_like(images) * noise_level
        loss = ((model(noisy{given}) - images) ** 2).mean()
        loss.backward()
        optimizer.step()
"""
UP = """
import torch
from torch import nn
class Down(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.conv = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(a, b, 3))
    def forward(self, x):
        return self.conv(x)
class Up(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2)
        self.conv = nn.Conv2d(a, b, 3)
    def forward(self, x, skip):
        return self.conv({join})
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1, self.d2 = Down(3, 8), Down(8, 16)
        self.u1, self.u2 = Up(24, 8), Up(11, 3)
    def forward(self, x):
        a = self.d1(x)
        return self.u2(self.u1(self.d2(a), a), x)
net = Net()
"""
ATTENTION = """
import torch
import torch.nn.functional as F
from torch import nn
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(8, 24)
        self.out = nn.Linear(8, 8)
        self.feature_map = lambda x: F.elu(x) + 1
    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        {attend}
        return self.out(out)
net = Attention()
"""


def tags(text: str) -> dict[str, int]:
    return {tag.name: tag.line for tag in extract(parse(Path("script.py"), text.encode())).tags}


def test_network_told_how_noisy_its_input_is_is_a_diffusion_model_and_no_autoencoder() -> None:
    found = tags(DENOISER.format(level=", noise_level", given=", noise_level"))
    assert found["diffusion"] == 17
    assert "autoencoder" not in found and "latent-diffusion" not in found


def test_network_that_is_given_noisy_images_alone_is_an_autoencoder() -> None:
    found = tags(DENOISER.format(level="", given=""))
    assert "autoencoder" in found and "diffusion" not in found


@pytest.mark.parametrize(
    ("made", "asked", "line"),
    [
        ("create_diffusion(timestep_respacing='')", "diffusion.training_losses(net, x, t)", 6),
        ("GaussianDiffusion(betas)", "diffusion.loss(x)", 6),
        ("respaced('1000')", "diffusion.p_losses(net, x, t)", 9),
        ("respaced('1000')", "diffusion.loss(x)", None),
    ],
)
def test_diffusion_that_another_module_defines_is_known_by_what_is_made_and_asked_of_it(
    made: str, asked: str, line: int | None
) -> None:
    script = f"""import torch
from torch import nn
from diffusion import create_diffusion, respaced, GaussianDiffusion
net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4)
diffusion = {made}
for x in loader:
    t = torch.randint(0, 9, (4,))
    loss = {asked}
    loss.backward()
    optimizer.step()
"""
    assert tags(script).get("diffusion") == line


@pytest.mark.parametrize(
    ("made", "used", "found"),
    [
        ("ForwardDiffusion(timesteps=200, start=0.0001, end=0.02)", "unet(x)", True),
        ("Diffusion(noise_steps=500)", "net(x)", True),
        ("DDPM(betas=(1e-4, 0.02), n_T=400)", "net(x)", True),
        ("HeatDiffusion(timesteps=200)", "net(x)", False),  # in a plate
        ("AnisotropicDiffusion(iterations=20)", "unet(x)", False),  # of an image's grey
        ("process()", "net(x_t, t)", True),
        ("process()", "net(x, t)", False),
    ],
)
def test_diffusion_of_another_file_is_known_by_what_it_is_called_and_given(made: str, used: str, found: bool) -> None:
    script = f"""import torch
from torch import nn
from model.{"diffusion" if "process" in made else "forward"} import *
net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4)
forward = {made}
for x in loader:
    loss = ((x - {used}) ** 2).mean()
    loss.backward()
    optimizer.step()
"""
    assert ("diffusion" in tags(script)) == found


def test_blocks_that_join_what_was_kept_make_a_unet() -> None:
    assert tags(UP.format(join="torch.cat([skip, self.up(x)], dim=1)"))["unet"] == 16


def test_blocks_that_join_nothing_make_none() -> None:
    assert "unet" not in tags(UP.format(join="self.up(x)"))


@pytest.mark.parametrize(
    ("attend", "linear"),
    [
        ("q, k = F.elu(q) + 1, F.elu(k) + 1; out = q @ (k.transpose(-1, -2) @ v)", True),
        ("q = self.feature_map(q); k = self.feature_map(k); out = q @ (k.transpose(-1, -2) @ v)", True),
        ("k = k.softmax(dim=-1); out = q @ (k.transpose(-1, -2) @ v)", True),
        ("out = F.softmax(q @ k.transpose(-1, -2), dim=-1) @ v", False),
        ("out = F.relu(q @ k.transpose(-1, -2)) @ v", False),
    ],
)
def test_linear_attention_is_told_by_what_is_normalised(attend: str, linear: bool) -> None:
    assert ("linear-attention" in tags(ATTENTION.format(attend=attend))) == linear


def test_a_language_model_written_out_is_a_transformer_and_its_coder_of_text_no_autoencoder() -> None:
    script = """import torch
from torch import nn
from data import encoder, decoder
class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.key, self.queries, self.values = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
    def forward(self, x):
        K = self.key(x)
        Q = self.queries(x)
        W = Q @ K.transpose(-2, -1)
        W = torch.softmax(W, dim=-1)
        return W @ self.values(x)
class Feed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 8))
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.head, self.feed, self.norm = Head(), Feed(), nn.LayerNorm(8)
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.blocks, self.out = nn.Embedding(65, 8), nn.Sequential(Block(), Block()), nn.Linear(8, 65)
    def speak(self, text):
        codes = torch.tensor([encoder(text)])
        return decoder(self.generate(codes)[0].tolist())
model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
for epoch in range(3):
    model(batch()).backward()
    optimizer.step()
"""
    found = tags(script)
    assert {name: found.get(name) for name in ("attention", "transformer")} == {"attention": 12, "transformer": 18}
    assert not {"autoencoder", "mlp"} & set(found)
    memory = "gamma = 1\ntarget = memory = decoder(x)\nbest = argmax(target)\n"  # a translation's, no agent's
    assert "dqn" not in tags(script + memory)
    assert "dqn" in tags(script + memory + "reward = play()\n")


TIMED = """
import torch
from torch import nn
class Up(nn.Module):
    def __init__(self, a, b, time_dim):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2)
        self.conv = nn.Conv2d(a, b, 3)
        self.{emb} = nn.Linear(time_dim, b)
    def forward(self, x, skip, t):
        return self.conv(torch.cat([self.up(x), skip], dim=1)) + self.{emb}(t)[:, :, None, None]
class UNet(nn.Module):
    def __init__(self, time_dim=64, num_classes=None):
        super().__init__()
        self.down = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(3, 8, 3))
        self.bottom = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 16, 3))
        self.u1, self.u2 = Up(24, 8, time_dim), Up(11, 3, time_dim)
        self.label_emb = nn.Embedding(num_classes, time_dim)
    def forward(self, x, t, y=None):
        t = t + self.label_emb(y)
        a = self.down(x)
        return self.u2(self.u1(self.bottom(a), a, t), x, t)
"""


@pytest.mark.parametrize(
    ("emb", "before", "found"),
    [
        ("time_emb", "", {"diffusion", "conditional"}),
        ("time_emb", "# predicts the velocity of the flow\n", set()),
        ("head", "", set()),
    ],
)
def test_a_u_net_in_a_file_of_its_own_that_is_told_the_step_is_one_of_a_diffusion(
    emb: str, before: str, found: set[str]
) -> None:
    text = TIMED.format(emb=emb) if emb != "head" else TIMED.format(emb=emb).replace("time_dim", "width")
    said = tags(before + text).keys()
    assert "unet" in said and said & {"diffusion", "conditional"} == found

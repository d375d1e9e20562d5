"""What a script states of its noise and the size of its images."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts.training.noise import read
from index.files.source import parse_text

TORCH = "import torch\nfrom torch import nn\nfrom torchvision import transforms\n"


def stated(code: str) -> dict[str, tuple[object, int]]:
    found = read(parse_text(Path("script.py"), TORCH + code))
    return {name: (one.value, one.line) for name, one in found.items()}


def test_the_examples(examples: Path) -> None:
    def of(path: str) -> dict[str, object]:
        text = (examples / path).read_text()
        return {name: one.value for name, one in read(parse_text(examples / path, text)).items()}

    linear = {"schedule": "linear", "beta_start": 1e-4, "beta_end": 0.02}
    assert of("Generative-Fashion-MNIST/unet_ddpm.py") == {"timesteps": 1000, "image_size": 32, **linear}
    assert of("Generative-Fashion-MNIST/latent_diffusion.py") == {"timesteps": 500, **linear}
    assert of("cats-dogs/conditional_unet.py") == {"timesteps": 1000, "schedule": "cosine"}
    assert of("jax-experiments/diffusion_mlp.py") == {"timesteps": 100, **linear, "beta_end": 0.05, "seed": 0}
    assert of("faces/dcgan.py") == {"image_size": 64}
    assert of("sequence/lstm_adder.py") == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("T = 400\nb = torch.linspace(1e-4, 0.02, steps=T)", {"timesteps": (400, 4), "schedule": ("linear", 5),
         "beta_start": (1e-4, 5), "beta_end": (0.02, 5)}),
        ("b = torch.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2", {"timesteps": (1000, 4),
         "schedule": ("scaled-linear", 4)}),
        ("from diffusers import DDPMScheduler\ns = DDPMScheduler(num_train_timesteps=300,\n"
         "                  beta_schedule='squaredcos_cap_v2')", {"timesteps": (300, 5), "schedule": ("cosine", 6)}),
        ("class Diffusion:\n    def __init__(self, noise_steps=800, img_size=64): pass\n"
         "d = Diffusion(noise_steps=500, img_size=48)", {"timesteps": (500, 6), "image_size": (48, 6)}),
        ("N = 250\nfor epoch in range(3):\n    t = torch.randint(0, N, (8,))", {"timesteps": (250, 4)}),
        ("for epoch in range(3):\n    t = torch.randint(300, (8,))", {"timesteps": (300, 5)}),
        ("t = transforms.Compose([transforms.Resize((36, 36)), transforms.RandomCrop(32), transforms.ToTensor()])",
         {"image_size": (32, 4)}),
        ("def update_ema(ema, net, decay=0.9999): pass\nopt = torch.optim.AdamW(net.parameters(), weight_decay=0.05)\n"
         "update_ema(ema, net, decay=0)", {"weight_decay": (0.05, 5), "ema": (0.9999, 4)}),
        ("a = torch.optim.Adam(f.parameters(), weight_decay=0.1)\nb = torch.optim.Adam(g.parameters())", {}),
        ("def ema(decay=0.9, /, x=1): pass", {"ema": (0.9, 4)}),
        ("def ema(net, *, rest, decay=0.9): pass", {"ema": (0.9, 4)}),
        ("averaged = EMA(net, beta=0.995)\ntorch.manual_seed(7)", {"ema": (0.995, 4), "seed": (7, 5)}),
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('--global-seed', type=int, default=3)\n"
         "args = p.parse_args()\ntorch.manual_seed(args.global_seed * ranks())", {"seed": (3, 6)}),
        ("image_size = 48\nkid_image_size = 75\nnet = Diffusion(image_size, [32, 64])", {"image_size": (48, 4)}),
        # weights averaged by hand
        ("ema = 0.99\nclass Model:\n    def train_step(self, x):\n        for w, ema_w in zip(self.net, self.kept):\n"
         "            ema_w.assign(ema * ema_w + (1 - ema) * w)", {"ema": (0.99, 4)}),
        ("class EMA:\n    def __init__(self, kept):\n        self.kept = kept\n    def update(self, old, new):\n"
         "        return old.lerp_(new, 1 - self.kept)\naveraged = EMA(0.995)", {"ema": (0.995, 9)}),
        ("mix = 0.3\ndef mixup(a, b):\n    return mix * a + (1 - mix) * b", {}),
        # the steps that images are drawn in are none of training
        ("plot_diffusion_steps = 20\ndef generate(count, diffusion_steps): pass\n"
         "images = generate(6, diffusion_steps=plot_diffusion_steps)", {}),
        ("kid_steps = 5\nsteps = kid_steps\ngrid = model.draw(timesteps=steps)", {}),
        ("images = model.sample(timesteps=50)", {}),
        ("from absl import flags\nfrom argparse import ArgumentParser\np = ArgumentParser()\n"
         "p.add_argument('--ddim-steps', type=int, default=50, dest='n')\na = p.parse_args()\n"
         "run(num_timesteps=a.n)", {}),
        ("T = 700\nimages = model.sample(timesteps=T)", {"timesteps": (700, 4)}),
        # not noise: positions, grids, learning rates, labels
        ("x = torch.linspace(0, 1, 100)\ny = torch.linspace(-1, 1, 64)", {}),
        ("def get_scheduler(**k): pass\ns = get_scheduler(schedule='cosine')", {"schedule": ("cosine", 5)}),
        ("def lr_scheduler(**k): pass\ns = lr_scheduler(schedule='cosine')", {}),
        ("for epoch in range(3):\n    y = torch.randint(0, 2, (8,))", {}),
        ("num_classes = 10\nfor epoch in range(3):\n    y = torch.randint(0, num_classes, (8,))", {}),
        ("for epoch in range(3):\n    gen_labels = torch.randint(0, 10, (8,))", {}),
        ("import sys\nb = torch.linspace(1e-4, 0.02, int(sys.argv[1]))", {"schedule": ("linear", 5),
         "beta_start": (1e-4, 5), "beta_end": (0.02, 5)}),
    ],
)  # fmt: skip
def test_forms(code: str, expected: dict[str, tuple[object, int]]) -> None:
    assert stated(code) == expected

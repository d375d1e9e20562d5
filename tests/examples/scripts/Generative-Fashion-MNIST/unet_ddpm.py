"""Denoising diffusion on clothing images with a small U-Net that predicts the noise."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import FashionMNIST
from torchvision.utils import save_image


@dataclass
class Config:
    batch_size: int = 128
    epochs: int = 50
    lr: float = 2e-4
    timesteps: int = 1000
    base_channels: int = 64
    image_size: int = 32
    grad_clip: float = 1.0
    preview_batch_size: int = 16


def time_embedding(t, dim):
    half = dim // 2
    frequencies = torch.exp(-math.log(10000) * torch.arange(half, device=t.device) / half)
    angles = t[:, None].float() * frequencies[None]
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


class Block(nn.Module):
    def __init__(self, inputs, outputs, time_dim):
        super().__init__()
        self.norm1 = nn.GroupNorm(8, inputs) if inputs >= 8 else nn.Identity()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(time_dim, outputs)
        self.norm2 = nn.GroupNorm(8, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, t):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time(t)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + self.skip(x)


class UNet(nn.Module):
    def __init__(self, base, time_dim=256):
        super().__init__()
        self.time_dim = time_dim
        self.mlp = nn.Sequential(nn.Linear(time_dim, time_dim), nn.SiLU(), nn.Linear(time_dim, time_dim))
        self.down1 = Block(1, base, time_dim)
        self.down2 = Block(base, base * 2, time_dim)
        self.middle = Block(base * 2, base * 2, time_dim)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.up2 = Block(base * 4, base, time_dim)
        self.up1 = Block(base * 2, base, time_dim)
        self.out = nn.Conv2d(base, 1, 1)

    def forward(self, x, t):
        t = self.mlp(time_embedding(t, self.time_dim))
        first = self.down1(x, t)
        second = self.down2(self.pool(first), t)
        middle = self.middle(self.pool(second), t)
        x = self.up2(torch.cat([self.up(middle), second], dim=1), t)
        x = self.up1(torch.cat([self.up(x), first], dim=1), t)
        return self.out(x)


class Schedule:
    def __init__(self, timesteps, device):
        self.betas = torch.linspace(1e-4, 0.02, timesteps, device=device)
        self.alphas = 1.0 - self.betas
        self.alphas_bar = torch.cumprod(self.alphas, dim=0)

    def add_noise(self, x, t, noise):
        a = self.alphas_bar[t][:, None, None, None]
        return a.sqrt() * x + (1 - a).sqrt() * noise


@torch.no_grad()
def sample(model, schedule, count, size, device):
    x = torch.randn(count, 1, size, size, device=device)
    for step in reversed(range(len(schedule.betas))):
        t = torch.full((count,), step, device=device)
        noise = model(x, t)
        beta, alpha, bar = schedule.betas[step], schedule.alphas[step], schedule.alphas_bar[step]
        x = (x - beta / (1 - bar).sqrt() * noise) / alpha.sqrt()
        if step > 0:
            x = x + beta.sqrt() * torch.randn_like(x)
    return x


def train(config: Config):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    transform = transforms.Compose([
        transforms.Resize(config.image_size),
        transforms.ToTensor(),
        transforms.Normalize(0.5, 0.5),
    ])
    data = FashionMNIST("data", download=True, transform=transform)
    loader = DataLoader(data, batch_size=config.batch_size, shuffle=True, drop_last=True)
    model = UNet(config.base_channels).to(device)
    schedule = Schedule(config.timesteps, device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr)
    for epoch in range(config.epochs):
        total = 0.0
        for images, _ in loader:
            images = images.to(device)
            t = torch.randint(0, config.timesteps, (len(images),), device=device)
            noise = torch.randn_like(images)
            loss = F.mse_loss(model(schedule.add_noise(images, t, noise), t), noise)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), config.grad_clip)
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total / len(loader):.4f}")
        images = sample(model, schedule, config.preview_batch_size, config.image_size, device)
        save_image(images * 0.5 + 0.5, f"samples_{epoch:03d}.png", nrow=4)


if __name__ == "__main__":
    train(Config())

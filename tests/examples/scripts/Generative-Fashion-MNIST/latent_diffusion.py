"""Latent diffusion on Fashion-MNIST in two stages.

First a convolutional autoencoder learns a small latent image, then a diffusion model learns to draw latents.
"""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

BATCH_SIZE = 256
AE_EPOCHS = 20
AE_LR = 1e-4
DIFFUSION_EPOCHS = 100
DIFFUSION_LR = 1e-3
N_STEPS = 500
LATENT_CHANNELS = 4

device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, LATENT_CHANNELS, 1),
        )

    def forward(self, x):
        return self.layers(x)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(LATENT_CHANNELS, 64, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 1, 3, padding=1),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.layers(z)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def forward(self, x):
        return self.decoder(self.encoder(x))


class LatentDenoiser(nn.Module):
    """Predicts the noise in a 7x7 latent from the latent and the step."""

    def __init__(self, channels=LATENT_CHANNELS, hidden=96):
        super().__init__()
        self.step = nn.Embedding(N_STEPS, hidden)
        self.inward = nn.Conv2d(channels, hidden, 3, padding=1)
        self.body = nn.ModuleList([nn.Conv2d(hidden, hidden, 3, padding=1) for _ in range(4)])
        self.outward = nn.Conv2d(hidden, channels, 3, padding=1)

    def forward(self, z, t):
        h = self.inward(z) + self.step(t)[:, :, None, None]
        for layer in self.body:
            h = h + F.silu(layer(h))
        return self.outward(h)


def get_loader():
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    data = datasets.FashionMNIST("./data", train=True, download=True, transform=transform)
    return DataLoader(data, batch_size=BATCH_SIZE, shuffle=True, num_workers=2)


def train_autoencoder(autoencoder, loader):
    optimizer = optim.Adam(autoencoder.parameters(), lr=AE_LR)
    for epoch in range(AE_EPOCHS):
        for images, _ in loader:
            images = images.to(device)
            loss = F.mse_loss(autoencoder(images), images)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"autoencoder epoch {epoch} loss {loss.item():.5f}")


def train_diffusion(denoiser, autoencoder, loader, alphas_bar):
    optimizer = optim.AdamW(denoiser.parameters(), lr=DIFFUSION_LR, weight_decay=1e-4)
    for epoch in range(DIFFUSION_EPOCHS):
        for images, _ in loader:
            with torch.no_grad():
                latents = autoencoder.encoder(images.to(device))
            t = torch.randint(0, N_STEPS, (latents.shape[0],), device=device)
            noise = torch.randn_like(latents)
            a = alphas_bar[t].view(-1, 1, 1, 1)
            noisy = a.sqrt() * latents + (1 - a).sqrt() * noise
            loss = F.mse_loss(denoiser(noisy, t), noise)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"diffusion epoch {epoch} loss {loss.item():.5f}")


def main():
    loader = get_loader()
    autoencoder = Autoencoder().to(device)
    train_autoencoder(autoencoder, loader)
    torch.save(autoencoder.state_dict(), "autoencoder.pt")

    betas = torch.linspace(1e-4, 0.02, N_STEPS, device=device)
    alphas_bar = torch.cumprod(1 - betas, dim=0)
    denoiser = LatentDenoiser().to(device)
    train_diffusion(denoiser, autoencoder, loader, alphas_bar)
    torch.save(denoiser.state_dict(), "denoiser.pt")


if __name__ == "__main__":
    main()

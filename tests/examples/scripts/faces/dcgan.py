"""DCGAN that draws faces: a generator and a discriminator, each with its own optimizer."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import CelebA
from torchvision.utils import save_image

parser = argparse.ArgumentParser()
parser.add_argument("--bs", type=int, default=128, help="images in a batch")
parser.add_argument("--nz", type=int, default=100, help="size of the latent vector")
parser.add_argument("--niter", type=int, default=25, help="number of epochs")
parser.add_argument("--lrG", type=float, default=2e-4)
parser.add_argument("--lrD", type=float, default=1e-4)
parser.add_argument("--beta1", type=float, default=0.5)
parser.add_argument("--root", default="data")
opt = parser.parse_args()

device = torch.device("cuda")


def up(inputs, outputs):
    return [
        nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(True),
    ]


def down(inputs, outputs):
    return [
        nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.LeakyReLU(0.2, inplace=True),
    ]


class Generator(nn.Module):
    def __init__(self, nz, width=64):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, width * 8, 4, 1, 0, bias=False),
            nn.BatchNorm2d(width * 8),
            nn.ReLU(True),
            *up(width * 8, width * 4),
            *up(width * 4, width * 2),
            *up(width * 2, width),
            nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.main(z)


class Discriminator(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.main = nn.Sequential(
            *down(3, width),
            *down(width, width * 2),
            *down(width * 2, width * 4),
            *down(width * 4, width * 8),
            nn.Conv2d(width * 8, 1, 4, 1, 0, bias=False),
        )

    def forward(self, x):
        return self.main(x).view(-1)


transform = transforms.Compose([
    transforms.CenterCrop(160),
    transforms.Resize(64),
    transforms.ToTensor(),
    transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
])
dataset = CelebA(opt.root, split="train", download=True, transform=transform)
dataloader = DataLoader(dataset, opt.bs, shuffle=True, num_workers=4)

netG = Generator(opt.nz).to(device)
netD = Discriminator().to(device)
criterion = nn.BCEWithLogitsLoss()
optimizerD = torch.optim.Adam(netD.parameters(), lr=opt.lrD, betas=(opt.beta1, 0.999))
optimizerG = torch.optim.Adam(netG.parameters(), lr=opt.lrG, betas=(opt.beta1, 0.999))
fixed = torch.randn(64, opt.nz, 1, 1, device=device)

for epoch in range(opt.niter):
    for i, (real, _) in enumerate(dataloader):
        real = real.to(device)
        ones, zeros = torch.ones(len(real), device=device), torch.zeros(len(real), device=device)
        fake = netG(torch.randn(len(real), opt.nz, 1, 1, device=device))

        netD.zero_grad()
        loss_d = criterion(netD(real), ones) + criterion(netD(fake.detach()), zeros)
        loss_d.backward()
        optimizerD.step()

        netG.zero_grad()
        loss_g = criterion(netD(fake), ones)
        loss_g.backward()
        optimizerG.step()
        if i % 50 == 0:
            print(f"[{epoch}/{opt.niter}][{i}/{len(dataloader)}] D {loss_d.item():.3f} G {loss_g.item():.3f}")
    with torch.no_grad():
        save_image(netG(fixed) * 0.5 + 0.5, f"faces_{epoch:03d}.png")

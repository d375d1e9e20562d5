"""Class-conditional diffusion on the cats and dogs of CIFAR-10.

A U-Net with linear attention learns to remove noise; the class steers it, and is left out now and then so that
sampling can be guided without a classifier.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms


class HParams:
    batch_size = 64
    lr = 3e-4
    warmup_lr = 1e-6
    num_epochs = 200
    n_steps = 1000
    drop_class = 0.1
    data_dir = "./data"


CAT, DOG = 3, 5


class LinearAttention(nn.Module):
    """Attention whose cost grows with the number of pixels, not with its square."""

    def __init__(self, dim, heads=4, head_dim=32):
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Conv2d(dim, heads * head_dim * 3, 1, bias=False)
        self.to_out = nn.Conv2d(heads * head_dim, dim, 1)

    def forward(self, x):
        b, _, h, w = x.shape
        q, k, v = self.to_qkv(x).view(b, 3, self.heads, -1, h * w).unbind(1)
        q = q.softmax(dim=-2) * q.shape[2] ** -0.5
        k = k.softmax(dim=-1)
        context = torch.einsum("bhdn,bhen->bhde", k, v)
        out = torch.einsum("bhde,bhdn->bhen", context, q)
        return x + self.to_out(out.reshape(b, -1, h, w))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, embedding):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.embed = nn.Linear(embedding, outputs)
        self.norm = nn.GroupNorm(8, outputs)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, e):
        h = F.silu(self.conv1(x)) + self.embed(e)[:, :, None, None]
        return self.conv2(F.silu(self.norm(h))) + self.shortcut(x)


class ConditionalUNet(nn.Module):
    def __init__(self, widths=(64, 128, 256), embedding=256, num_classes=2):
        super().__init__()
        self.embedding = embedding
        self.time = nn.Sequential(nn.Linear(embedding, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        self.class_embed = nn.Embedding(num_classes + 1, embedding)
        self.first = nn.Conv2d(3, widths[0], 3, padding=1)
        self.downs = nn.ModuleList()
        self.ups = nn.ModuleList()
        for inputs, outputs in zip(widths, widths[1:]):
            self.downs.append(nn.ModuleList([
                ResidualBlock(inputs, inputs, embedding),
                LinearAttention(inputs),
                nn.Conv2d(inputs, outputs, 4, stride=2, padding=1),
            ]))
        self.middle = ResidualBlock(widths[-1], widths[-1], embedding)
        for outputs, inputs in reversed(list(zip(widths, widths[1:]))):
            self.ups.append(nn.ModuleList([
                nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1),
                ResidualBlock(outputs * 2, outputs, embedding),
                LinearAttention(outputs),
            ]))
        self.last = nn.Conv2d(widths[0], 3, 1)

    def forward(self, x, t, label):
        half = self.embedding // 2
        frequencies = torch.exp(-math.log(10_000) * torch.arange(half, device=x.device) / half)
        angles = t[:, None] * frequencies[None]
        e = self.time(torch.cat([angles.sin(), angles.cos()], -1)) + self.class_embed(label)
        x = self.first(x)
        skips = []
        for block, attention, down in self.downs:
            x = attention(block(x, e))
            skips.append(x)
            x = down(x)
        x = self.middle(x, e)
        for up, block, attention in self.ups:
            x = attention(block(torch.cat([up(x), skips.pop()], 1), e))
        return self.last(x)


def cosine_alphas_bar(steps):
    t = torch.linspace(0, 1, steps + 1)
    bar = torch.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2
    betas = (1 - bar[1:] / bar[:-1]).clamp(max=0.999)
    return torch.cumprod(1 - betas, 0)


def cats_and_dogs(hp):
    transform = transforms.Compose([
        transforms.RandomHorizontalFlip(), transforms.ToTensor(), transforms.Normalize([0.5] * 3, [0.5] * 3),
    ])
    data = datasets.CIFAR10(hp.data_dir, train=True, download=True, transform=transform)
    chosen = [index for index, label in enumerate(data.targets) if label in (CAT, DOG)]
    return Subset(data, chosen)


def train(hp=HParams):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    loader = DataLoader(cats_and_dogs(hp), hp.batch_size, shuffle=True, num_workers=2)
    model = ConditionalUNet().to(device)
    alphas_bar = cosine_alphas_bar(hp.n_steps).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=hp.lr, betas=(0.9, 0.99))
    for epoch in range(hp.num_epochs):
        for images, labels in loader:
            images, labels = images.to(device), (labels == DOG).long().to(device)
            labels[torch.rand(len(labels), device=device) < hp.drop_class] = 2
            t = torch.randint(0, hp.n_steps, (len(images),), device=device)
            noise = torch.randn_like(images)
            a = alphas_bar[t][:, None, None, None]
            loss = F.mse_loss(model(a.sqrt() * images + (1 - a).sqrt() * noise, t, labels), noise)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch} loss {loss.item():.4f}")
        torch.save(model.state_dict(), "cats_dogs.pt")


if __name__ == "__main__":
    train()

"""Vision transformer from scratch: flower photographs cut into patches, classified with self-attention."""

from types import SimpleNamespace

import torch
from torch import nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import ConcatDataset, DataLoader
from torchvision import transforms
from torchvision.datasets import Flowers102

cfg = SimpleNamespace(
    image_size=224,
    patch=16,
    dim=384,
    depth=6,
    heads=6,
    batch_size=48,
    lr=3e-4,
    min_lr=1e-6,
    epochs=100,
    data="data",
)


class PatchEmbedding(nn.Module):
    def __init__(self, image_size, patch, dim):
        super().__init__()
        self.count = (image_size // patch) ** 2
        self.project = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)

    def forward(self, x):
        return self.project(x).flatten(2).transpose(1, 2)


class EncoderBlock(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attention = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, dim * 4), nn.GELU(), nn.Linear(dim * 4, dim))

    def forward(self, x):
        h = self.norm1(x)
        x = x + self.attention(h, h, h, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.patches = PatchEmbedding(cfg.image_size, cfg.patch, cfg.dim)
        self.token = nn.Parameter(torch.zeros(1, 1, cfg.dim))
        self.position = nn.Parameter(torch.randn(1, self.patches.count + 1, cfg.dim) * 0.02)
        self.blocks = nn.Sequential(*[EncoderBlock(cfg.dim, cfg.heads) for _ in range(cfg.depth)])
        self.head = nn.Sequential(nn.LayerNorm(cfg.dim), nn.Linear(cfg.dim, classes))

    def forward(self, x):
        x = self.patches(x)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], dim=1) + self.position
        return self.head(self.blocks(x)[:, 0])


def loaders():
    normalise = transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    augment = transforms.Compose([
        transforms.RandomResizedCrop(cfg.image_size), transforms.RandomHorizontalFlip(),
        transforms.ToTensor(), normalise,
    ])
    plain = transforms.Compose([
        transforms.Resize(256), transforms.CenterCrop(cfg.image_size), transforms.ToTensor(), normalise,
    ])
    train = ConcatDataset([
        Flowers102(cfg.data, split="train", download=True, transform=augment),
        Flowers102(cfg.data, split="val", download=True, transform=augment),
    ])
    test = Flowers102(cfg.data, split="test", download=True, transform=plain)
    return (
        DataLoader(train, batch_size=cfg.batch_size, shuffle=True, num_workers=8),
        DataLoader(test, batch_size=cfg.batch_size * 2, num_workers=8),
    )


def main():
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train_loader, test_loader = loaders()
    model = VisionTransformer(classes=102).to(device)
    optimizer = AdamW(model.parameters(), lr=cfg.lr, weight_decay=0.05)
    scheduler = CosineAnnealingLR(optimizer, T_max=cfg.epochs, eta_min=cfg.min_lr)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    for epoch in range(cfg.epochs):
        model.train()
        for images, labels in train_loader:
            loss = criterion(model(images.to(device)), labels.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        scheduler.step()
        model.eval()
        with torch.no_grad():
            right = sum((model(x.to(device)).argmax(1).cpu() == y).sum().item() for x, y in test_loader)
        print(f"epoch {epoch}: accuracy {right / len(test_loader.dataset):.3f}")


if __name__ == "__main__":
    main()

"""ResNet for small colour images, trained with Lightning on one GPU."""

import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms as T
from torchvision.datasets import CIFAR10


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class ResNetClassifier(L.LightningModule):
    def __init__(self, learning_rate=0.05, classes=10):
        super().__init__()
        self.save_hyperparameters()
        widths = [64, 128, 256]
        layers = [nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
        inputs = 64
        for index, width in enumerate(widths):
            layers += [BasicBlock(inputs, width, stride=1 if index == 0 else 2), BasicBlock(width, width)]
            inputs = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.head(self.features(x).mean(dim=(2, 3)))

    def training_step(self, batch, batch_index):
        images, labels = batch
        loss = F.cross_entropy(self(images), labels)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_index):
        images, labels = batch
        accuracy = (self(images).argmax(1) == labels).float().mean()
        self.log("val_accuracy", accuracy, prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.SGD(
            self.parameters(), lr=self.hparams.learning_rate, momentum=0.9, weight_decay=5e-4
        )


class CIFARData(L.LightningDataModule):
    def __init__(self, folder="data", batch_size=256):
        super().__init__()
        self.folder = folder
        self.batch_size = batch_size
        self.plain = T.Compose([T.ToTensor(), T.Normalize((0.491, 0.482, 0.447), (0.247, 0.243, 0.262))])
        self.augmented = T.Compose([T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), self.plain])

    def prepare_data(self):
        CIFAR10(self.folder, train=True, download=True)

    def train_dataloader(self):
        data = CIFAR10(self.folder, train=True, transform=self.augmented)
        return DataLoader(data, batch_size=self.batch_size, shuffle=True, num_workers=4)

    def val_dataloader(self):
        data = CIFAR10(self.folder, train=False, transform=self.plain)
        return DataLoader(data, batch_size=1024)


if __name__ == "__main__":
    L.seed_everything(7)
    trainer = L.Trainer(max_epochs=30, accelerator="gpu", devices=1, precision="bf16-mixed")
    trainer.fit(ResNetClassifier(), datamodule=CIFARData(batch_size=512))

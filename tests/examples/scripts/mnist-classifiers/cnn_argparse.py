"""A small convolutional network that reads handwritten digits.

Two convolutions, pooling and two dense layers; reaches about 99 % on the test images after a few epochs.
"""

import argparse

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self, dropout=0.25):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.dropout = nn.Dropout(dropout)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = self.dropout(torch.flatten(x, 1))
        x = F.relu(self.fc1(x))
        return F.log_softmax(self.fc2(x), dim=1)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batchSize", "-b", dest="batch_size", type=int, default=64)
    parser.add_argument("--test-batch-size", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--lr", type=float, default=1.0, help="learning rate of Adadelta")
    parser.add_argument("--gamma", type=float, default=0.7, help="factor of the rate after each epoch")
    parser.add_argument("--data", default="data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", action="store_true")
    return parser.parse_args()


def train_epoch(model, device, loader, optimizer, epoch):
    model.train()
    for index, (images, labels) in enumerate(loader):
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = F.nll_loss(model(images), labels)
        loss.backward()
        optimizer.step()
        if index % 100 == 0:
            print(f"epoch {epoch} batch {index}/{len(loader)} loss {loss.item():.4f}")


@torch.no_grad()
def evaluate(model, device, loader):
    model.eval()
    right = 0
    for images, labels in loader:
        guess = model(images.to(device)).argmax(dim=1)
        right += (guess == labels.to(device)).sum().item()
    return right / len(loader.dataset)


def main():
    args = parse_options()
    torch.manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    train_set = datasets.MNIST(args.data, train=True, download=True, transform=transform)
    test_set = datasets.MNIST(args.data, train=False, transform=transform)
    train_loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=args.test_batch_size)

    model = Net().to(device)
    optimizer = optim.Adadelta(model.parameters(), lr=args.lr)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=args.gamma)
    for epoch in range(1, args.epochs + 1):
        train_epoch(model, device, train_loader, optimizer, epoch)
        print(f"epoch {epoch} accuracy {evaluate(model, device, test_loader):.4f}")
        scheduler.step()
    if args.save:
        torch.save(model.state_dict(), "mnist_cnn.pt")


if __name__ == "__main__":
    main()

"""Character language model: a GRU that writes in the manner of a text file."""

import click
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Characters(Dataset):
    def __init__(self, text, length):
        self.letters = sorted(set(text))
        index = {letter: number for number, letter in enumerate(self.letters)}
        self.data = torch.tensor([index[letter] for letter in text])
        self.length = length

    def __len__(self):
        return (len(self.data) - 1) // self.length

    def __getitem__(self, item):
        start = item * self.length
        piece = self.data[start : start + self.length + 1]
        return piece[:-1], piece[1:]


class CharGRU(nn.Module):
    def __init__(self, letters, hidden):
        super().__init__()
        self.embedding = nn.Embedding(letters, hidden)
        self.gru = nn.GRU(hidden, hidden, num_layers=2, batch_first=True, dropout=0.2)
        self.head = nn.Linear(hidden, letters)

    def forward(self, x, state=None):
        x, state = self.gru(self.embedding(x), state)
        return self.head(x), state


@click.command()
@click.argument("path")
@click.option("--batch-size", default=50, show_default=True)
@click.option("--learning-rate", "rate", default=2e-3, show_default=True)
@click.option("--epochs", "-e", default=30)
@click.option("--hidden", default=256)
@click.option("--length", default=100, help="letters in one training piece")
def main(path, batch_size, rate, epochs, hidden, length):
    with open(path, encoding="utf-8") as file:
        dataset = Characters(file.read(), length)
    device = "mps" if torch.backends.mps.is_available() else "cpu"
    loader = DataLoader(dataset, batch_size=batch_size, shuffle=True, drop_last=True)
    model = CharGRU(len(dataset.letters), hidden).to(device)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=rate)
    for epoch in range(epochs):
        for x, y in loader:
            logits, _ = model(x.to(device))
            loss = nn.functional.cross_entropy(logits.transpose(1, 2), y.to(device))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
        print(f"epoch {epoch + 1}/{epochs} loss {loss.item():.3f}")
    torch.save({"letters": dataset.letters, "weights": model.state_dict()}, "characters.pt")


if __name__ == "__main__":
    main()

"""Learns to add two numbers written as digits: reads "27+315=" one character at a time and writes "342"."""

import random

import torch
from torch import nn

DIGITS = 3
ALPHABET = "0123456789+= "
BATCH_SIZE = 128
EPOCHS = 40
STEPS_PER_EPOCH = 200
LEARNING_RATE = 2 * 1e-3


class Adder(nn.Module):
    """Reads the question, then writes the answer, with the same recurrent cell."""

    def __init__(self, hidden=128, layers=1):
        super().__init__()
        self.embed = nn.Embedding(len(ALPHABET), 32)
        self.rnn = nn.LSTM(32, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, len(ALPHABET))

    def forward(self, question, answer):
        _, state = self.rnn(self.embed(question))
        outputs, _ = self.rnn(self.embed(answer), state)
        return self.out(outputs)


def encode(text, length):
    return [ALPHABET.index(character) for character in text.ljust(length)]


def make_batch(size):
    questions, answers = [], []
    for _ in range(size):
        a, b = random.randrange(10**DIGITS), random.randrange(10**DIGITS)
        questions.append(encode(f"{a}+{b}=", 2 * DIGITS + 2))
        answers.append(encode(f"={a + b}", DIGITS + 3))
    return torch.tensor(questions), torch.tensor(answers)


def accuracy(model, count=512):
    questions, answers = make_batch(count)
    with torch.no_grad():
        guess = model(questions, answers[:, :-1]).argmax(-1)
    return (guess == answers[:, 1:]).all(dim=1).float().mean().item()


def main():
    model = Adder()
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    loss_function = nn.CrossEntropyLoss()
    for epoch in range(EPOCHS):
        for _ in range(STEPS_PER_EPOCH):
            questions, answers = make_batch(BATCH_SIZE)
            logits = model(questions, answers[:, :-1])
            loss = loss_function(logits.flatten(0, 1), answers[:, 1:].flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}, sums right {accuracy(model):.1%}")


if __name__ == "__main__":
    main()

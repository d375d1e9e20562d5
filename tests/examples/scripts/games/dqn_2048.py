"""Deep Q-learning agent for the game 2048, with a replay memory and a slowly following target network."""

import random
from collections import deque

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class Game:
    """The board of 2048 as exponents; a move slides and merges, then a new tile appears."""

    def __init__(self):
        self.board = np.zeros((4, 4), dtype=np.int64)
        self.add_tile()
        self.add_tile()

    def add_tile(self):
        free = np.argwhere(self.board == 0)
        row, column = free[random.randrange(len(free))]
        self.board[row, column] = 1 if random.random() < 0.9 else 2

    @staticmethod
    def slide(line):
        tiles = [tile for tile in line if tile]
        merged, score = [], 0
        while tiles:
            if len(tiles) > 1 and tiles[0] == tiles[1]:
                merged.append(tiles[0] + 1)
                score += 2 ** (tiles[0] + 1)
                tiles = tiles[2:]
            else:
                merged.append(tiles.pop(0))
        return merged + [0] * (4 - len(merged)), score

    def step(self, action):
        before = self.board.copy()
        board = np.rot90(self.board, action)
        rows = [self.slide(list(row)) for row in board]
        self.board = np.rot90(np.array([row for row, _ in rows]), -action).copy()
        if (before == self.board).all():
            return -1.0, not self.moves_left()
        self.add_tile()
        return float(np.log2(1 + sum(score for _, score in rows))), not self.moves_left()

    def moves_left(self):
        b = self.board
        return (b == 0).any() or (b[1:] == b[:-1]).any() or (b[:, 1:] == b[:, :-1]).any()


class QNetwork(nn.Module):
    def __init__(self, hidden=256):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(16 * 16, hidden), nn.ReLU(),
            nn.Linear(hidden, hidden), nn.ReLU(),
            nn.Linear(hidden, 4),
        )

    def forward(self, boards):
        return self.layers(F.one_hot(boards.flatten(1), 16).float().flatten(1))


class Agent:
    gamma = 0.99
    batch_size = 64
    memory_size = 50_000
    epsilon_decay = 0.9995

    def __init__(self, lr=5e-4):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.policy_net = QNetwork().to(self.device)
        self.target_net = QNetwork().to(self.device)
        self.target_net.load_state_dict(self.policy_net.state_dict())
        self.optimizer = torch.optim.Adam(self.policy_net.parameters(), lr=lr)
        self.memory = deque(maxlen=self.memory_size)
        self.epsilon = 1.0

    def act(self, board):
        if random.random() < self.epsilon:
            return random.randrange(4)
        with torch.no_grad():
            return self.policy_net(torch.tensor(board, device=self.device)[None]).argmax().item()

    def learn(self):
        if len(self.memory) < self.batch_size:
            return
        boards, actions, rewards, following, done = zip(*random.sample(self.memory, self.batch_size))
        boards = torch.tensor(np.stack(boards), device=self.device)
        following = torch.tensor(np.stack(following), device=self.device)
        rewards = torch.tensor(rewards, device=self.device)
        done = torch.tensor(done, device=self.device, dtype=torch.float32)
        actions = torch.tensor(actions, device=self.device)[:, None]
        values = self.policy_net(boards).gather(1, actions).squeeze(1)
        with torch.no_grad():
            target = rewards + self.gamma * self.target_net(following).max(1).values * (1 - done)
        loss = F.smooth_l1_loss(values, target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


def main(episodes=5000):
    agent = Agent(lr=1e-3)
    for episode in range(episodes):
        game, done, total = Game(), False, 0.0
        while not done:
            board = game.board.copy()
            action = agent.act(board)
            reward, done = game.step(action)
            agent.memory.append((board, action, reward, game.board.copy(), done))
            agent.learn()
            total += reward
        agent.epsilon = max(0.05, agent.epsilon * agent.epsilon_decay)
        if episode % 20 == 0:
            agent.target_net.load_state_dict(agent.policy_net.state_dict())
            print(f"episode {episode} reward {total:.1f} best tile {2 ** game.board.max()}")


if __name__ == "__main__":
    main()

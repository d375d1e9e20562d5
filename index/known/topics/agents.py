"""Topics of agents that act and learn from rewards."""

from __future__ import annotations

from index.known.topics.topic import Topic

AGENTS: dict[str, Topic] = {
    "reinforcement learning": Topic(
        ("reinforcement", "rl", "agent", "agents", "offline rl", "policy gradient",
         "actor critic", "plays", "play a game", "game", "video games", "computer game"),
        ("reinforcement", "policy", "reward", "gym", "env", "agent", "actor", "critic", "episode"),
        "an agent acts in a game or a simulated environment and learns from rewards",
    ),
    "deep q-learning": Topic(
        ("dqn", "q learning", "q network", "q values", "replay buffer"),
        ("dqn", "qnetwork", "replay", "epsilon", "target_network", "rainbow"),
        "the value of every action is learned from remembered moves, with a target network and a replay buffer",
    ),
    "prioritised replay": Topic(
        ("prioritized replay", "prioritized experience replay", "prioritized buffer", "replay by priority"),
        ("prioritized", "priorities", "priority", "sum_tree", "sumtree", "segment_tree", "prioritizedreplaybuffer"),
        "remembered moves that surprised an agent most are learned from more often",
    ),
    "kinds of q-network": Topic(
        ("dueling", "double dqn", "double q", "noisy net", "noisy nets", "distributional", "categorical dqn", "c51",
         "quantile", "rainbow", "n step",
         "noise in the weights", "noisy layers", "noisy networks", "exploration by noise"),
        ("dueling", "double_dqn", "noisylinear", "noisy", "c51", "v_min", "atom_size", "quantile", "rainbow", "n_step"),
        "Q-learning made better: two networks against optimism, apart values of state and action, returns as a"
        " distribution",
    ),
    "policy optimisation": Topic(
        ("ppo", "proximal policy optimization", "policy gradient", "a2c", "reinforce", "trpo", "clipped policy",
         "clipped surrogate", "surrogate objective"),
        ("ppo", "policy", "advantage", "clip", "reinforce", "gae", "actor"),
        "a policy is improved by gradient steps that are clipped so that it does not change too fast",
    ),
    "continuous control": Topic(
        ("ddpg", "td3", "sac", "soft actor critic", "continuous control", "continuous actions", "robot", "mujoco"),
        ("ddpg", "td3", "sac", "mujoco", "continuous"),
        "an actor and a critic move the joints of a simulated robot",
    ),
    "atari": Topic(("atari", "breakout", "pong", "video game", "video games"), ("atari", "breakout", "pong", "ale"),
                   "playing arcade video games from the pixels of the screen"),
    "imitation learning": Topic(
        ("imitation", "imitate", "imitates", "demonstrations", "demonstration", "behaviour cloning", "behavior cloning",
         "gail", "expert trajectories", "inverse reinforcement", "dagger"),
        ("expert", "gail", "imitation", "demonstrations", "demo", "expert_traj", "behavior_cloning"),
        "a policy is learned from what an expert did, from demonstrations rather than rewards",
    ),
    "tabular reinforcement learning": Topic(
        ("value iteration", "policy iteration", "sarsa", "grid world", "gridworld", "tabular", "bellman",
        "tabular q learning", "frozen lake", "q table", "temporal difference", "temporal differences"),
        ("sarsa", "grid", "gridworld", "value_table", "q_table", "policy_iteration", "value_iteration", "frozenlake"),
        "an agent learns a table of the value of every square and move in a small world, with no network at all",
    ),
    "cartpole": Topic(("cartpole", "cart pole", "pole on a cart", "pole", "stick upright", "stick on a cart",
                       "pole upright", "balance a pole", "balance a stick", "balances a pole"), ("cartpole",),
                      "a pole is kept upright on a moving cart"),
    "mountain car": Topic(
        ("mountaincar", "mountain car", "underpowered car", "car up a hill", "car up a mountain"),
        ("mountaincar", "mountain_car"), "a weak car gathers speed to climb a hill",
    ),
    "legged robots": Topic(
        ("biped", "bipedal", "two legged", "legged", "legged robot", "walking robot", "robot walk", "locomotion",
         "humanoid", "half cheetah", "hopper"),
        ("bipedalwalker", "walker2d", "humanoid", "halfcheetah", "hopper", "locomotion"),
        "a robot with legs learns to walk or run",
    ),
    "lunar lander": Topic(("lunar lander", "moon lander", "land a spacecraft", "land on the moon"), ("lunarlander",),
                          "a spacecraft is landed softly"),
    "soft actor-critic": Topic(
        ("sac", "soft actor critic", "maximum entropy", "entropy regularized", "soft q"),
        ("sac", "softq", "soft_q", "target_entropy", "log_alpha", "soft"),
        "an actor and a critic whose policy is also rewarded for staying random: maximum entropy",
    ),
    "deterministic policies": Topic(
        ("ddpg", "td3", "twin delayed", "deterministic policy gradient", "deep deterministic"),
        ("ddpg", "td3", "ornstein", "ounoise", "policy_noise", "soft_update", "tau"),
        "a deterministic actor is improved through a critic, with noise added to explore",
    ),
    "curiosity": Topic(("curiosity", "intrinsic reward", "exploration bonus", "random network distillation", "rnd"),
                       ("icm", "rnd", "intrinsic", "curiosity"), "an agent is rewarded for what is new to it"),
    "pendulum": Topic(("pendulum", "pendulums"), ("pendulum",), "a hanging pole is swung up until it stands"),
    "actor and critic": Topic(("actor critic", "a2c", "a3c", "advantage actor critic", "vtrace", "acer"),
                              ("actor", "critic", "advantage", "a2c", "a3c", "actorcritic"),
                              "one part of an agent acts while the other judges how good the state is"),
    "board games": Topic(("chess", "board game", "board games", "alphazero", "alphago", "tic tac toe", "connect four",
                          "connect 4", "four in a row", "five in a row", "gomoku", "othello", "reversi", "checkers",
                          "discs into a grid", "dropped into a grid", "against itself", "plays itself"),
                         ("chess", "mcts", "alphazero", "tictactoe", "gomoku", "connect4", "connectfour", "othello",
                          "reversi", "checkers"),
                         "a game on a board is played by searching moves"),
    "shooters": Topic(
        ("shooter", "shooters", "first person shooter", "first person game", "doom", "vizdoom", "shoot monsters",
         "shoots monsters", "shoot enemies"),
        ("vizdoom", "doom", "doomgame", "deadly_corridor", "defend_the_center", "health_gathering", "deathmatch"),
        "an agent walks through rooms and shoots enemies, seen through its own eyes",
    ),
    "2048": Topic(
        ("2048", "sliding tiles", "slide tiles", "slides tiles", "merging tiles", "merge tiles", "doubling tiles"),
        ("2048", "game2048", "tiles", "tile", "max_tile", "merge", "highest_tile"),
        "numbered tiles are slid over a board so that equal ones merge and double",
    ),
    "racing": Topic(
        ("racing", "racing car", "racing cars", "race car", "race cars", "race track", "racing track", "car racing",
         "carracing", "kart"),
        ("carracing", "racing", "track", "torcs", "donkeycar", "car_racing", "mariokart"),
        "an agent drives a car round a track as fast as it can",
    ),
    "goals and hindsight": Topic(
        ("hindsight", "goal conditioned", "bit flipping", "sparse reward", "sparse rewards", "reach goals",
         "reach a goal"),
        ("hindsight", "her", "goal", "desired_goal", "achieved_goal", "bitflip", "new_goal"),
        "an agent is to reach given goals, and learns from failures as if what it reached had been the goal",
    ),
    "model-based agents": Topic(
        ("model based", "world model", "world models", "planning", "tree search", "monte carlo tree search", "dyna"),
        ("world_model", "planning", "mcts", "rollout", "dynamics_model", "dreamer"),
        "an agent learns how its world behaves and plans ahead in it",
    ),
    "bandits": Topic(("bandit", "bandits", "multi armed", "thompson sampling", "epsilon greedy"),
                     ("bandit", "arms", "thompson", "ucb", "regret"), "choosing among options of unknown reward"),
    "several agents": Topic(("multi agent", "several agents", "cooperating agents", "self play"),
                            ("multi_agent", "n_agents", "maddpg", "self_play"), "agents act and learn together"),
    "evolution": Topic(
        ("genetic algorithm", "evolutionary", "evolution strategies", "neuroevolution", "neat",
         "mutate", "mutates", "mutation", "crossover", "cross over", "genetic algorithms", "evolves", "evolved",
         "evolve"),
        ("population", "mutation", "crossover", "fitness", "generation", "evolution",
         "genetic", "mutate", "pygad", "cma", "individuals"),
        "candidates are mutated and selected over generations",
    ),
    "training on the accelerator": Topic(
        ("vmap", "vectorise", "vectorize", "jit", "jitted", "compiled", "end to end on the gpu",
         "environments in parallel", "parallel environments", "many agents at once"),
        ("vmap", "jit", "pmap", "scan", "lax", "num_envs", "vecenv", "brax", "gymnax"),
        "environments and learner run in one compiled function on the accelerator, many seeds or agents at once",
    ),
}  # fmt: skip

"""Diffusion in JAX with a plain MLP on 8x8 digits: the smallest thing that draws numbers.

TensorFlow is not needed; the data comes from scikit-learn and the loop slices it by hand.
"""

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax.training import train_state
from sklearn.datasets import load_digits

config = {
    "batch_size": 2**9,
    "num_epochs": 300,
    "peak_lr": 5e-4,
    "warmup": 200,
    "timesteps": 100,
    "hidden": 256,
}


class Denoiser(nn.Module):
    hidden: int

    @nn.compact
    def __call__(self, x, t):
        angles = t[:, None] * jnp.exp(-jnp.linspace(0.0, 6.0, 16))[None]
        h = jnp.concatenate([x, jnp.sin(angles), jnp.cos(angles)], axis=-1)
        for _ in range(3):
            h = nn.gelu(nn.Dense(self.hidden)(h))
        return nn.Dense(x.shape[-1])(h)


betas = jnp.linspace(1e-4, 0.05, config["timesteps"])
alphas_bar = jnp.cumprod(1.0 - betas)


def loss_fn(params, apply_fn, images, key):
    key_t, key_noise = jax.random.split(key)
    t = jax.random.randint(key_t, (images.shape[0],), 0, config["timesteps"])
    noise = jax.random.normal(key_noise, images.shape)
    a = alphas_bar[t][:, None]
    guess = apply_fn({"params": params}, jnp.sqrt(a) * images + jnp.sqrt(1 - a) * noise, t.astype(jnp.float32))
    return jnp.mean((guess - noise) ** 2)


@jax.jit
def train_step(state, images, key):
    loss, grads = jax.value_and_grad(loss_fn)(state.params, state.apply_fn, images, key)
    return state.apply_gradients(grads=grads), loss


def create_state(key, steps):
    model = Denoiser(config["hidden"])
    params = model.init(key, jnp.zeros((1, 64)), jnp.zeros((1,)))["params"]
    schedule = optax.warmup_cosine_decay_schedule(
        init_value=0.0, peak_value=config["peak_lr"], warmup_steps=config["warmup"], decay_steps=steps
    )
    tx = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(learning_rate=schedule))
    return train_state.TrainState.create(apply_fn=model.apply, params=params, tx=tx)


def main():
    images = load_digits().data.astype(np.float32) / 8.0 - 1.0
    batch_size = config["batch_size"]
    batches = len(images) // batch_size
    key = jax.random.PRNGKey(0)
    state = create_state(key, config["num_epochs"] * batches)
    for epoch in range(config["num_epochs"]):
        order = np.random.permutation(len(images))
        for index in range(batches):
            key, step_key = jax.random.split(key)
            chosen = order[index * batch_size : (index + 1) * batch_size]
            state, loss = train_step(state, images[chosen], step_key)
        if epoch % 20 == 0:
            print(f"epoch {epoch} loss {loss:.4f}")


if __name__ == "__main__":
    main()

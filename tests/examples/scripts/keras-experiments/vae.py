"""Variational autoencoder for digits: dense encoder and decoder, two latent numbers that can be drawn on paper."""

import keras
import numpy as np
from keras import layers, ops

LATENT = 2
HIDDEN = 512


class Sampling(layers.Layer):
    """Draws z from the mean and the logarithm of the variance."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        noise = keras.random.normal(ops.shape(z_mean), seed=self.seed)
        return z_mean + ops.exp(0.5 * z_log_var) * noise


def make_encoder():
    inputs = keras.Input((784,))
    x = layers.Dense(HIDDEN, activation="relu")(inputs)
    x = layers.Dense(HIDDEN // 2, activation="relu")(x)
    z_mean = layers.Dense(LATENT, name="z_mean")(x)
    z_log_var = layers.Dense(LATENT, name="z_log_var")(x)
    return keras.Model(inputs, [z_mean, z_log_var, Sampling()([z_mean, z_log_var])], name="encoder")


def make_decoder():
    latent = keras.Input((LATENT,))
    x = layers.Dense(HIDDEN // 2, activation="relu")(latent)
    x = layers.Dense(HIDDEN, activation="relu")(x)
    return keras.Model(latent, layers.Dense(784, activation="sigmoid")(x), name="decoder")


class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder

    def call(self, x):
        z_mean, z_log_var, z = self.encoder(x)
        kl = -0.5 * ops.mean(ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=1))
        self.add_loss(kl / 784)
        return self.decoder(z)


if __name__ == "__main__":
    (x_train, _), (x_test, _) = keras.datasets.mnist.load_data()
    x_train = x_train.reshape(-1, 784).astype("float32") / 255
    x_test = x_test.reshape(-1, 784).astype("float32") / 255
    vae = VAE(make_encoder(), make_decoder())
    vae.compile(optimizer="rmsprop", loss="binary_crossentropy")
    vae.fit(x_train, x_train, batch_size=100, epochs=25, validation_data=(x_test, x_test))
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 15), np.linspace(-2, 2, 15)), -1).reshape(-1, LATENT)
    np.save("manifold.npy", vae.decoder.predict(grid))

"""Keras CNN on the Oxford flowers, with augmentation inside the model."""

import tensorflow as tf
import tensorflow_datasets as tfds
from tensorflow import keras
from tensorflow.keras import layers

IMAGE_SIZE = 160
BATCH = 8 * 4
CLASSES = 102


def prepare(image, label):
    image = tf.image.resize(image, (IMAGE_SIZE, IMAGE_SIZE)) / 255.0
    return image, label


def load(split, training):
    ds = tfds.load("oxford_flowers102", split=split, as_supervised=True)
    ds = ds.map(prepare, num_parallel_calls=tf.data.AUTOTUNE)
    if training:
        ds = ds.shuffle(2048)
    return ds.batch(BATCH).prefetch(tf.data.AUTOTUNE)


def build_model():
    inputs = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 3))
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomRotation(0.1)(x)
    for filters in (32, 64, 128, 256):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    outputs = layers.Dense(CLASSES, activation="softmax")(x)
    return keras.Model(inputs, outputs, name="flowers_cnn")


def main():
    train, validation = load("train", True), load("validation", False)
    model = build_model()
    schedule = keras.optimizers.schedules.CosineDecay(initial_learning_rate=3e-3, decay_steps=10_000)
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=schedule, weight_decay=1e-4),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)
    model.fit(train, validation_data=validation, epochs=60, callbacks=[stop])
    model.save("flowers_cnn.keras")


if __name__ == "__main__":
    main()

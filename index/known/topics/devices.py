"""Topics of where models run, by other names than those of the devices that scripts state."""

from __future__ import annotations

from index.known.topics.topic import Topic

DEVICES: dict[str, Topic] = {
    "small devices": Topic(
        ("raspberry pi", "raspberry", "raspi", "microcontroller", "microcontrollers", "arduino", "tinyml", "tflite",
         "tensorflow lite", "tf lite", "edge device", "edge devices", "edge computing", "embedded device",
         "embedded devices", "embedded system", "small board", "tiny board", "little board", "on device",
         "internet of things", "iot", "single board computer"),
        ("tflite", "tfliteconverter", "tinyml", "edgetpu", "tensorflow_model_optimization", "interpreter", "raspberry",
         "iot", "rpi", "microcontroller"),
        "a model is converted so that it runs on a little computer board with sensors, such as a Raspberry Pi",
    ),
    "apple silicon": Topic(
        ("apple silicon", "apple chip", "apple gpu", "macbook", "macbooks", "mac gpu", "macs", "m1", "m2", "m3",
         "m1 chip", "m2 chip", "mps", "metal performance shaders"),
        ("mps",),
        "training on the graphics part of an Apple laptop's own chip",
    ),
}  # fmt: skip

"""What the field calls things: data sets, optimizers, parts of networks, kinds of models, subjects."""

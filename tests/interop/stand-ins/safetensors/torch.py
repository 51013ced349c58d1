from . import write


def save_file(tensors, path, metadata=None):
    write(path, {name: tensor.numpy() for name, tensor in tensors.items()}, metadata)

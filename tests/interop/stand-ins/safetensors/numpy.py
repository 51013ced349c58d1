from . import write


def save_file(tensors, path, metadata=None):
    write(path, tensors, metadata)

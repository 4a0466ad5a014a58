"""The statistics as pictures: values in, a figure out, and from the figure the bytes of a PNG."""

"""Tools for developers: generated docs, the picture in the README."""

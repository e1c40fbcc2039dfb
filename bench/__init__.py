"""Benchmarks: whole commands and hot paths, each beside a yardstick measured in the same run."""

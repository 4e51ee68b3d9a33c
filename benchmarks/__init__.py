"""Speed and memory of the program beside its peers, on registries made by a seeded generator: `python -m benchmarks`."""

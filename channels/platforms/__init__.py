"""The messaging platforms, each in a module of its own that knows its formats, limits and proofs, and nothing else."""

"""The east wing: everything that needs torch, and nothing else does."""

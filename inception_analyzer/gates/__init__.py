"""Cost gates: what a baseline holds, which rules apply to it, and what breaches them; nothing here reads a clock."""

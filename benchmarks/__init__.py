"""How fast the program is beside others, in ratios that another computer can repeat."""

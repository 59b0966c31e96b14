"""Numbers into text: the only home of rich, pandas, matplotlib and jinja2."""

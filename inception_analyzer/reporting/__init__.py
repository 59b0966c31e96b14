"""A whole report: what is counted, judged and measured, gathered step by step and written as files."""

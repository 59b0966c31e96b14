"""Two revisions of one repository beside each other: what their models cost, and how long they take on this machine."""

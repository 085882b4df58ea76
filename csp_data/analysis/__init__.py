"""Tables in, tables out: periods, rates, change and the one function that answers a question."""

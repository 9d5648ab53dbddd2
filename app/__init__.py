"""HTTP in and out: takes play logs, and answers what became of them."""

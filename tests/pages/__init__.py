"""What people see, looked at in a browser: the pages of reports, operator, comparator and API; and the contract."""

"""The data centre's hosts as tested code: what each must be, how it is made so, and how that is proved."""

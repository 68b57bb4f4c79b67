"""The load test: many clients, rounds of the five events, and a ledger of what was lost."""

"""Did the edits do no harm? One file a question."""

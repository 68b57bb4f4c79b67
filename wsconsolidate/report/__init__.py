"""The report stage: what an analysis and its findings amount to, as figures, actions and sections."""

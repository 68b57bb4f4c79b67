"""The command line: parse options, call the pipeline, choose a reporter, exit."""

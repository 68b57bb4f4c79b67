"""Did the edits do no harm?"""

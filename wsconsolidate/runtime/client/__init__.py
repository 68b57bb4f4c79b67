"""The client's side of the session protocol: `follower.py` for Python, `session.js` for browsers."""

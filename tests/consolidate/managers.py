"""A small manager, and another one that does the same job in other words."""

HEAD = "from starlette.websockets import WebSocket\n"


def manager(name: str, *extra: str) -> str:
    return f"""
class {name}:
    def __init__(self):
        self.live: dict[str, WebSocket] = {{}}
    def connect(self, user, ws: WebSocket):
        self.live[user] = ws
    def disconnect(self, user):
        self.live.pop(user, None)
    async def send(self, user, message):
        await self.live[user].send_json(message)
""" + "".join(extra)


OTHER = """
class Hub:
    def __init__(self):
        self.members: list[WebSocket] = []
    def join(self, ws: WebSocket):
        self.members.append(ws)
    def leave(self, ws):
        self.members.remove(ws)
    async def ring(self, item):
        for member in self.members:
            await member.send_json(item)
"""

"""The payloads of the critical events: the keys a client may count on.

They are typed dictionaries: at run time a payload is the plain dict that goes onto the wire, and
keys of your own are welcome where a `dict` is passed instead.
"""

from typing import NotRequired, TypedDict


class AgentStartedPayload(TypedDict):
    """An agent begins to work."""

    agent_name: str
    task: NotRequired[str]


class AgentThinkingPayload(TypedDict):
    """An agent says what it is about."""

    thought: str
    agent_name: NotRequired[str]
    step: NotRequired[int]


class ToolExecutingPayload(TypedDict):
    """A tool is about to run."""

    tool_name: str
    arguments: NotRequired[dict[str, object]]
    agent_name: NotRequired[str]


class ToolCompletedPayload(TypedDict):
    """A tool came back."""

    tool_name: str
    result: NotRequired[object]
    error: NotRequired[str]
    duration_ms: NotRequired[float]
    agent_name: NotRequired[str]


class AgentCompletedPayload(TypedDict):
    """An agent is done: the chat may stop waiting."""

    result: object
    agent_name: NotRequired[str]
    duration_ms: NotRequired[float]

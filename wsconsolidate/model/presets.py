"""How others spell the critical events: AG-UI, LangGraph, the OpenAI Agents SDK, and words for phases.

Sources: the event types of the AG-UI protocol, the events of LangChain's `astream_events` (version 2),
and the run hooks and stream event names of the OpenAI Agents SDK.
"""

from collections.abc import Mapping

from wsconsolidate.model.event import Vocabulary

PRESETS: Mapping[str, Mapping[str, str]] = {
    "ag-ui": {
        "RUN_STARTED": "agent_started",
        "THINKING_START": "agent_thinking",
        "THINKING_TEXT_MESSAGE_CONTENT": "agent_thinking",
        "REASONING_START": "agent_thinking",
        "REASONING_MESSAGE_CONTENT": "agent_thinking",
        "TOOL_CALL_START": "tool_executing",
        "TOOL_CALL_END": "tool_completed",
        "TOOL_CALL_RESULT": "tool_completed",
        "RUN_FINISHED": "agent_completed",
    },
    "langgraph": {
        "on_chain_start": "agent_started",
        "on_chat_model_start": "agent_thinking",
        "on_chat_model_stream": "agent_thinking",
        "on_tool_start": "tool_executing",
        "on_tool_end": "tool_completed",
        "on_chain_end": "agent_completed",
    },
    "openai-agents": {
        "on_agent_start": "agent_started",
        "on_llm_start": "agent_thinking",
        "reasoning_item_created": "agent_thinking",
        "on_tool_start": "tool_executing",
        "tool_called": "tool_executing",
        "on_tool_end": "tool_completed",
        "tool_output": "tool_completed",
        "on_agent_end": "agent_completed",
    },
}

_THINKING = frozenset(("thinking", "thought", "reasoning", "think"))
_AGENTS = frozenset(("agent", "run", "task", "chain", "workflow", "crew", "chat", "execution"))
_TOOLS = frozenset(("tool", "function", "action"))
_BEGUN = frozenset(("start", "started", "begin", "began", "begun", "executing", "call", "called", "running"))
_OVER = frozenset(("end", "ended", "finish", "finished", "complete", "completed", "done", "result", "output"))


def preset_of(vocabulary: Vocabulary, *presets: str) -> dict[str, str]:
    """The aliases of these presets whose events the vocabulary has."""
    pairs = (pair for preset in presets for pair in PRESETS[preset].items())
    return {alias: event for alias, event in pairs if event in vocabulary.events}


def spelling_of(name: str, vocabulary: Vocabulary) -> str | None:
    """The critical event that a name means by its words, as `run_finished` does; None if it is none."""
    words = set(name.lower().split("_"))
    meant = None
    if words & _THINKING:
        meant = "agent_thinking"
    elif words & _TOOLS:
        meant = "tool_completed" if words & _OVER else "tool_executing" if words & _BEGUN else None
    elif words & _AGENTS:
        meant = "agent_completed" if words & _OVER else "agent_started" if words & _BEGUN else None
    return meant if meant in vocabulary.events else None

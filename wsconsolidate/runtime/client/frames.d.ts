// Made by `python -m wsconsolidate.runtime.wire --types`.

/** From the client, first: what it has (null, null, 0: nothing), and the protocol it speaks (else 1). */
export interface ResumeFrame {
  ws: "resume";
  session_id: string | null;
  epoch: string | null;
  seq: number;
  protocol?: number;
}

/** From the client: it has everything up to there. */
export interface AckFrame {
  ws: "ack";
  epoch: string;
  seq: number;
}

/** From the client: the answer to a heartbeat. */
export interface BeatAnswerFrame {
  ws: "hb";
  epoch: string;
  seq: number;
}

/** From the server, first: the session, and the position from which it is served. */
export interface HelloFrame {
  ws: "hello";
  protocol: number;
  session_id: string;
  epoch: string;
  seq: number;
  head: number;
  heartbeat_ms: number;
  window: number;
}

/** From the server: an application frame; one without a number may be dropped. */
export interface EventFrame {
  ws: "event";
  seq?: number;
  frame: unknown;
}

/** From the server, in protocol 2: application frames in a row; `seq` is the number of the first. */
export interface EventsFrame {
  ws: "events";
  seq: number;
  frames: unknown[];
}

/** From the server: what will never come; the client goes on as one that has all up to `seq`. */
export interface GapFrame {
  ws: "gap";
  first: number;
  last: number | null;
  reason: "expired" | "epoch";
  epoch: string;
  seq: number;
}

/** From the server: what was missed follows. */
export interface ReplayFrame {
  ws: "replay_begin";
  first: number;
  last: number;
}

/** From the server: what follows is new. */
export interface LiveFrame {
  ws: "live";
  head: number;
}

/** From the server: a sign of life, with what was sent and the head. */
export interface BeatFrame {
  ws: "hb";
  epoch: string;
  seq: number;
  head: number;
}

/** From the server: it is about to close. */
export interface DrainFrame {
  ws: "drain";
  retry_after_ms: number;
}

/** An agent begins to work. */
export interface AgentStartedPayload {
  agent_name: string;
  task?: string;
}

/** An agent says what it is about. */
export interface AgentThinkingPayload {
  thought: string;
  agent_name?: string;
  step?: number;
}

/** A tool is about to run. */
export interface ToolExecutingPayload {
  tool_name: string;
  arguments?: Record<string, unknown>;
  agent_name?: string;
}

/** A tool came back. */
export interface ToolCompletedPayload {
  tool_name: string;
  result?: unknown;
  error?: string;
  duration_ms?: number;
  agent_name?: string;
}

/** An agent is done: the chat may stop waiting. */
export interface AgentCompletedPayload {
  result: unknown;
  agent_name?: string;
  duration_ms?: number;
}

export type ClientFrame = ResumeFrame | AckFrame | BeatAnswerFrame;

export type ServerFrame = HelloFrame | EventFrame | EventsFrame | GapFrame | ReplayFrame | LiveFrame | BeatFrame | DrainFrame;

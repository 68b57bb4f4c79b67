import type {GapFrame} from "./frames.js";

/** Where a frame stands: its number within an epoch; null for one that may be dropped. */
export interface FramePlace {
  epoch: string;
  seq: number;
}

/** What will never come: `first` to `last` of an epoch; `last` is null when nobody knows the end. */
export interface Gap {
  epoch: string | null;
  first: number;
  last: number | null;
  reason: GapFrame["reason"];
}

export type SessionState = "connecting" | "replaying" | "live" | "closed";

export interface AgentSessionOptions<Frame = unknown> {
  /** Gets every frame once and in order; one that it throws on is not acknowledged. */
  onFrame?: (frame: Frame, place: FramePlace | null) => void;
  /** Something is missing for good: fetch the state anew. */
  onGap?: (gap: Gap) => void;
  onState?: (state: SessionState) => void;
  /** The socket was closed; `returns` is false when the server does not want the session back. */
  onClose?: (code: number, returns: boolean) => void;
  /** Where the place is kept; sessionStorage by default, null for nowhere. */
  storage?: Storage | null;
  storageKey?: string;
}

export declare class AgentSession<Frame = unknown> {
  constructor(url: string, options?: AgentSessionOptions<Frame>);
  readonly state: SessionState;
  /** Send a message of the application; false when there is no connection now. */
  send(message: unknown): boolean;
  /** End the session; it does not come back. */
  close(): void;
  /** Forget the place: the next session begins anew. */
  forget(): void;
}

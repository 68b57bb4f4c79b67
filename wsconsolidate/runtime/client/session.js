// A browser's side of a session: every event once and in order, or a gap that says what is missing.
//
//   const session = new AgentSession("wss://example.org/ws", {onFrame: frame => show(frame)});
//
// `onFrame` gets the very frames that a plain socket would give. Where it is (session id, epoch,
// number) is kept in sessionStorage, so that a reloaded page goes on where it was: `onFrame` has
// seen a frame when it returns, and only then is it acknowledged.

const PROTOCOL = 2;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15000;
const OPENING_MS = 10000;
const ACK_MS = 200;

export class AgentSession {
  constructor(url, options = {}) {
    this.url = url;
    this.options = options;
    this.storage = options.storage === undefined ? globalThis.sessionStorage : options.storage;
    this.key = options.storageKey ?? "wsconsolidate:" + url;
    this.place = this.#load();
    this.attempts = 0;
    this.ended = false;
    this.#connect();
  }

  /** "connecting", "replaying", "live" or "closed". */
  state = "connecting";

  /** Send a message of the application; false when there is no connection now. */
  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
    return true;
  }

  /** End the session; it does not come back. */
  close() {
    this.ended = true;
    clearTimeout(this.retrying);
    this.#leave();
    this.#become("closed");
  }

  /** Forget the place: the next session begins anew. */
  forget() {
    this.place = {sessionId: null, epoch: null, seq: 0};
    this.storage?.removeItem(this.key);
  }

  #connect() {
    this.#become("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.waiting = true;
    this.stuckAt = null;
    this.opening = setTimeout(() => this.#lost(socket), OPENING_MS);
    socket.onopen = () => this.#resume();
    socket.onmessage = ({data}) => this.socket === socket && this.#take(data);
    socket.onclose = ({code}) => this.#closed(socket, code);
  }

  #resume() {
    this.waiting = true;
    this.stuckAt = null;
    const {sessionId, epoch, seq} = this.place;
    this.send({ws: "resume", session_id: sessionId, epoch, seq, protocol: PROTOCOL});
  }

  #take(data) {
    if (typeof data !== "string") return;
    this.#stillThere();
    const said = JSON.parse(data);
    if (said.ws === "hello") return this.#greeted(said);
    if (this.waiting) return; // what a plain connection gets is sent again to a session
    switch (said.ws) {
      case "event": return this.#event(said);
      case "events": return this.#events(said.seq, said.frames);
      case "gap": return this.#gap(said);
      case "hb": return this.#beat(said);
      case "live": return this.#become("live");
      case "drain": this.retryAfter = said.retry_after_ms;
    }
  }

  #greeted(said) {
    clearTimeout(this.opening);
    this.waiting = false;
    this.attempts = 0;
    this.window = said.window;
    this.heartbeatMs = said.heartbeat_ms;
    this.#move(said.epoch, said.seq, said.session_id);
    this.acked = said.seq;
    this.#become("replaying");
    this.#stillThere();
  }

  #event({seq, frame}) {
    if (seq === undefined) return this.options.onFrame?.(frame, null);
    this.#events(seq, [frame]);
  }

  #events(first, frames) {
    if (first > this.place.seq + 1) return this.#resume();
    for (const frame of frames.slice(Math.max(0, this.place.seq + 1 - first))) {
      if (!this.#show(frame)) return;
    }
    if (2 * (this.place.seq - this.acked) >= this.window) this.#ack();
    else if (this.place.seq > this.acked) this.acking ??= setTimeout(() => this.#ack(), ACK_MS);
  }

  // False when the application has closed the session or forgotten its place meanwhile.
  #show(frame) {
    const place = this.place;
    const seq = place.seq + 1;
    this.options.onFrame?.(frame, {epoch: place.epoch, seq});
    if (this.place !== place) return false;
    this.#move(place.epoch, seq);
    return !this.ended;
  }

  #gap({first, last, reason, epoch, seq}) {
    const missed = {epoch: this.place.epoch, first, last, reason};
    this.#move(epoch, seq);
    this.acked = seq;
    this.options.onGap?.(missed);
  }

  #beat({epoch, seq, head}) {
    const lost = epoch !== this.place.epoch || seq > this.place.seq;
    const behind = head > this.place.seq;
    if (lost || (behind && this.stuckAt === this.place.seq)) return this.#resume();
    this.stuckAt = behind ? this.place.seq : null;
    this.#ack("hb");
  }

  #ack(kind = "ack") {
    clearTimeout(this.acking);
    this.acking = undefined;
    this.acked = this.place.seq;
    this.send({ws: kind, epoch: this.place.epoch, seq: this.place.seq});
  }

  // Two heartbeats without a sound: the connection is dead, whatever the browser thinks.
  #stillThere() {
    clearTimeout(this.silence);
    if (!this.heartbeatMs) return;
    const socket = this.socket;
    this.silence = setTimeout(() => this.#lost(socket), 2.5 * this.heartbeatMs);
  }

  #lost(socket) {
    if (this.socket !== socket) return;
    this.#leave();
    this.#again();
  }

  #closed(socket, code) {
    if (this.socket !== socket) return;
    this.#leave();
    if (code === 4003) this.place.sessionId = null; // a copy of this page took the session: part ways
    const refused = code >= 4500 && code < 5000;
    if (refused) this.ended = true;
    this.options.onClose?.(code, !this.ended);
    if (refused) this.#become("closed");
    else this.#again();
  }

  #leave() {
    for (const timer of [this.opening, this.acking, this.silence]) clearTimeout(timer);
    this.acking = undefined;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  // Full jitter, so that a thousand pages don't come back at the same moment.
  #again() {
    if (this.ended) return;
    this.#become("connecting");
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.attempts++);
    const wait = this.retryAfter ?? Math.random() * longest;
    this.retryAfter = undefined;
    this.retrying = setTimeout(() => this.#connect(), wait);
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.options.onState?.(state);
  }

  #move(epoch, seq, sessionId = this.place.sessionId) {
    this.place = {sessionId, epoch, seq};
    try {
      this.storage?.setItem(this.key, JSON.stringify(this.place));
    } catch {
      this.storage = null; // full or forbidden: the page can't be reloaded without starting anew
    }
  }

  #load() {
    try {
      const {sessionId, epoch, seq} = JSON.parse(this.storage.getItem(this.key));
      if (Number.isInteger(seq)) return {sessionId, epoch, seq};
    } catch {
      // nothing kept, or not ours
    }
    return {sessionId: null, epoch: null, seq: 0};
  }
}

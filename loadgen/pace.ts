/** When the connections of a role send. */
export interface Pace {
  /** From now on it may send: the warm-up begins. */
  begin(startNs: number): void;
  /** A connection has opened, or some of its requests were answered: it may take more. */
  ready(slot: number, atNs: number): void;
  /** Sends what is due by now. */
  due(atNs: number): void;
  /** When `due` should be called next; Infinity when it depends on what arrives. */
  readonly nextNs: number;
  /** Nothing is sent any more; what should have been and was not is accounted for. */
  end(atNs: number): void;
}

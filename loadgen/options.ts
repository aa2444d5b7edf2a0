/** What to measure and how: the programmatic interface of the load generator, plain data. */
export interface LoadOptions {
  /** The server to connect to; left out, `command` is started and its port found. */
  target?: { host: string; port: number };
  /** A server to start, without a shell: program and arguments. */
  command?: string[];
  workload: string;
  transport?: string;
  framing: string;
  connections: number;
  /** Requests that each connection keeps in flight. */
  pipelining: number;
  /** Payload bytes of every message. */
  sizeBytes: number;
  /** CPU work of a message, for apps that take one; the server must be given the same. */
  work: number;
  durationMs: number;
  warmupMs: number;
  /** Exactly this many requests instead of a duration; without warm-up. */
  amount?: number;
  /** A connection sends so many, closes and connects anew. */
  messagesPerConnection?: number;
  /** Threads of the load generator; connections are split among them. */
  workers: number;
  /** CPUs that the started server is confined to. */
  serverCpus?: number[];
  /** How long a started server may take until it listens. */
  readyTimeoutMs: number;
}

export const loadDefaults = {
  workload: 'echo',
  framing: 'line',
  connections: 10,
  pipelining: 1,
  sizeBytes: 64,
  work: 200,
  durationMs: 10_000,
  warmupMs: 500,
  workers: 1,
  readyTimeoutMs: 10_000,
} satisfies Partial<LoadOptions>;

/** Splits a whole into parts that differ by at most one and add up to it. */
export function distribute(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => Math.floor(((part + 1) * total) / parts) - Math.floor((part * total) / parts));
}

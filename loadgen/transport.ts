import { SockbenchError } from '../errors/sockbench-error.ts';
import { FolderRegistry } from '../plugins/folder-registry.ts';

/** How bytes get to the server and back. Connections are numbered slots, 0 to slots - 1. */
export interface Transport {
  /** Who is told what happens; set before anything else is called. */
  events: TransportEvents;
  /** Ends in `connected` or `closed`. */
  connect(slot: number): void;
  isOpen(slot: number): boolean;
  /** Writes the first `length` bytes; what the kernel doesn't take at once is kept and sent later, so don't change them. */
  send(slot: number, bytes: Buffer, length: number): void;
  /**
   * Receives no more on this connection, whatever comes, so that the kernel's buffers fill. That the server has ended it is told
   * where the kernel tells: of a reset, and with node:net only while something is being sent.
   */
  pause(slot: number): void;
  /** No event comes from the slot after this, until it is connected again. */
  close(slot: number): void;
  /** Carries events until `stop`. Connections stay: it may run again, with other `events`. */
  run(): Promise<void>;
  stop(): void;
  /** Closes every connection, for good. */
  end(): void;
}

export interface TransportEvents {
  connected(slot: number): void;
  /** The first `length` bytes of `chunk` arrived; the memory is reused after the call. */
  received(slot: number, chunk: Buffer, length: number): void;
  /** The server closed the connection, or it broke: then `code` says how, e.g. ECONNRESET. */
  closed(slot: number, code: string | undefined): void;
  /**
   * At least every TICK_NS, whatever arrives, and when it is due.
   * @returns in how many ns it is due again, if it is sooner than TICK_NS
   */
  tick(): number;
}

export const TICK_NS = 10e6;

export interface TransportSettings {
  readonly address: { host: string; port: number };
  /** The own address from which the next connection is to come; undefined: the kernel's choice. */
  readonly nextSource: () => string | undefined;
  readonly slots: number;
  /** So long before a tick is due the transport stops sleeping. */
  readonly spinNs: number;
}

export interface TransportDefinition {
  readonly name: string;
  readonly summary: string;
  /** Of those that work here, the one with the lowest is taken unless the user chooses. */
  readonly precedence: number;
  /** Why it can't be used here, if so. */
  unavailable(): string | undefined;
  open(settings: TransportSettings): Transport;
}

export const transports = new FolderRegistry<TransportDefinition>('transport', new URL('./transports/', import.meta.url));

export const defineTransport = (definition: TransportDefinition): TransportDefinition => definition;

/** The one that costs least of those that work here. */
export async function defaultTransport(): Promise<string> {
  const all = await transports.all();
  const ranked = all.toSorted((one, other) => one.precedence - other.precedence);
  return ranked.find((transport) => transport.unavailable() === undefined)!.name;
}

/**
 * The transport of this name, or the default one.
 * @throws SockbenchError E_TRANSPORT_UNAVAILABLE, E_UNKNOWN_NAME
 */
export async function chosenTransport(name: string | undefined): Promise<string> {
  if (name === undefined) return defaultTransport();
  const obstacle = (await transports.load(name)).unavailable();
  if (obstacle === undefined) return name;
  throw new SockbenchError('E_TRANSPORT_UNAVAILABLE', `expected to use --transport ${name}; ${obstacle}`, {
    remedy: '--transport net works everywhere',
  });
}

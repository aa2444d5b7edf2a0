import { FolderRegistry } from '../plugins/folder-registry.ts';

/** How bytes get to the server and back. Connections are numbered slots, 0 to slots - 1. */
export interface Transport {
  /** Ends in `connected` or `closed`. */
  connect(slot: number): void;
  /** Writes the first `length` bytes; what the kernel doesn't take at once is kept and sent later, so don't change them. */
  send(slot: number, bytes: Buffer, length: number): void;
  /**
   * Receives no more on this connection, whatever comes, so that the kernel's buffers fill. That the server has ended it is told
   * where the kernel tells: of a reset, and with node:net only while something is being sent.
   */
  pause(slot: number): void;
  /** No event comes from the slot after this, until it is connected again. */
  close(slot: number): void;
  /** Carries events until `stop`. */
  run(): Promise<void>;
  stop(): void;
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
  open(settings: TransportSettings, events: TransportEvents): Transport;
}

export type OpenTransport = TransportDefinition['open'];

export const transports = new FolderRegistry<TransportDefinition>('transport', new URL('./transports/', import.meta.url));

export const defineTransport = (definition: TransportDefinition): TransportDefinition => definition;

/** The one that costs least of those that work here. */
export async function defaultTransport(): Promise<string> {
  const all = await transports.all();
  const ranked = all.toSorted((one, other) => one.precedence - other.precedence);
  return ranked.find((transport) => transport.unavailable() === undefined)!.name;
}

import { byName, type Framing } from '../framing/framing.ts';
import { apps, type App, type AppOptions } from './app.ts';
import { burning } from './burn.ts';
import { checkWorkers } from './capacity.ts';
import { Closings } from './closings.ts';
import { failing } from './failing.ts';
import { Failure } from './failure.ts';
import { Semaphore } from './semaphore.ts';

/** A service as plain data, so that it can be handed to a thread or a process. */
export interface ServiceSpec extends AppOptions {
  model: string;
  host: string;
  /** 0: any free port. */
  port: number;
  /** Connections that the kernel keeps waiting for accept. */
  backlog: number;
  framing: string;
  /** Payload size of `fixed` framing. */
  sizeBytes: number;
  app: string;
  /** Threads or processes, for models that have several. */
  workers: number;
  /** CPU time that every message costs on top, whatever the app. */
  burnNs: number;
  /** The app throws on messages that begin with this, in latin1; empty: it never does. */
  failsOn: string;
  limits: Limits;
}

export interface Limits {
  /** The longest payload. */
  messageBytes: number;
  /** Output that may wait for a client who doesn't read; beyond it that client is dropped. */
  pendingBytes: number;
  /** The most open at once; one beyond is closed at once. 0: as many as the machine bears. */
  connections: number;
  /** How long nothing may come from a client to whom nothing is owed, or a client may read nothing of what waits for it; 0: for ever. */
  idleMs: number;
  /** How long a message may take from its first byte to its last; 0: for ever. */
  frameMs: number;
  /** How long open connections get to finish when the server stops. */
  drainMs: number;
}

export const serviceDefaults: ServiceSpec = {
  model: 'event-loop',
  host: '127.0.0.1',
  port: 0,
  backlog: 4096,
  framing: 'line',
  sizeBytes: 64,
  app: 'echo',
  work: 200,
  delayMs: 10,
  slowShare: 0.01,
  burnNs: 0,
  failsOn: '',
  workers: 2,
  limits: {
    messageBytes: 1 << 20,
    pendingBytes: 16 << 20,
    connections: 0,
    idleMs: 3_600_000,
    frameMs: 60_000,
    drainMs: 1000,
  },
};

/** The same with framing and app in place. */
export interface Service extends Omit<ServiceSpec, 'framing' | 'app'> {
  readonly spec: ServiceSpec;
  readonly framing: Framing;
  readonly app: App;
  /** Connections that this server has closed of its own accord. */
  readonly closings: Closings;
  /** A place for each connection that may be open. */
  readonly places: Semaphore;
  readonly failure: Failure;
}

/** What the threads of a process count in the same memory. */
export interface SharedCounts {
  closings: Closings['shared'];
  places: Semaphore['shared'];
}

const NO_LIMIT = 2 ** 31 - 1;

/**
 * @param counts those of another thread of this process
 * @throws SockbenchError E_UNKNOWN_NAME for an unknown framing or app, E_WORKERS for more workers than the machine bears
 */
export async function resolveService(spec: ServiceSpec, counts?: SharedCounts): Promise<Service> {
  checkWorkers(spec.workers);
  const framing = byName(spec.framing, { limitBytes: spec.limits.messageBytes, sizeBytes: spec.sizeBytes });
  const definition = await apps.load(spec.app);
  return {
    ...spec,
    spec,
    framing,
    app: { name: definition.name, handle: failing(burning(definition.create(spec), spec.burnNs), spec.failsOn) },
    closings: new Closings(counts?.closings),
    failure: new Failure(),
    places: new Semaphore(counts?.places ?? (spec.limits.connections || NO_LIMIT)),
  };
}

import type { Socket } from 'node:net';
import { hostilePeer, type Conduct } from '../../bench/hostile-peers.ts';
import { byName, encode, type Framing } from '../../framing/framing.ts';
import { serviceDefaults, type Limits, type ServiceSpec } from '../../servers/service.ts';
import type { Combination } from './behaviour.ts';
import { TestClient, type ClientOptions } from './client.ts';
import { eventually } from './eventually.ts';
import { appOptions, comparable, expectedReply } from './expected-replies.ts';
import { expectSame, payload } from './payload.ts';
import { withoutProc } from './process-tree.ts';
import { ownHost, ServerProcess } from './server-process.ts';

const WORKERS = 2;
/** Long enough that a test in which every client behaves never gets there. */
const DRAIN_MS = 120_000;

/** Settings that a test may change. */
export type Settings = Partial<Pick<ServiceSpec, 'host' | 'port' | 'sizeBytes' | 'failsOn'> & Limits> & {
  /** Words of a command that runs the server. */
  under?: readonly string[];
};

/** The server under test, and clients for it. */
export class Subject {
  readonly combination: Combination;
  readonly replyTo: (message: Buffer) => Buffer;
  #peers: Socket[] = [];
  readonly #servers: ServerProcess[] = [];
  /** Of those that are shared, the latest with the same settings. */
  readonly #shared = new Map<string, ServerProcess>();
  #clients: TestClient[] = [];
  #sizeBytes = serviceDefaults.sizeBytes;

  constructor(combination: Combination) {
    this.combination = combination;
    this.replyTo = expectedReply(combination.app);
  }

  get framing(): Framing {
    return byName(this.combination.framing, { sizeBytes: this.#sizeBytes });
  }

  /** How many clients this model serves at once. */
  get seats(): number {
    return { one: 1, bounded: WORKERS, many: Infinity }[this.combination.model.capabilities.connections];
  }

  launch({
    host = ownHost(),
    port = 0,
    sizeBytes = serviceDefaults.sizeBytes,
    failsOn = serviceDefaults.failsOn,
    under = [],
    ...limits
  }: Settings = {}): ServerProcess {
    this.#sizeBytes = sizeBytes;
    const { model, app, framing } = this.combination;
    const spec: ServiceSpec = {
      ...serviceDefaults,
      host,
      port,
      sizeBytes,
      failsOn,
      model: model.name,
      app: app.name,
      framing,
      ...appOptions,
      workers: WORKERS,
      limits: { ...serviceDefaults.limits, drainMs: DRAIN_MS, ...limits },
    };
    const server = new ServerProcess(spec, { under });
    this.#servers.push(server);
    return server;
  }

  /** A server that listens. */
  start(settings?: Settings): Promise<ServerProcess> {
    return this.launch(settings).listening();
  }

  /**
   * A server that listens, and has nothing to do: one with these settings that runs already, or else a new one. Where it
   * can't be seen whether it has anything to do, always a new one.
   */
  async shared(settings: Settings): Promise<ServerProcess> {
    const key = JSON.stringify(settings);
    const running = this.#shared.get(key);
    if (running?.runs && withoutProc === undefined) {
      this.#sizeBytes = settings.sizeBytes ?? serviceDefaults.sizeBytes;
      await running.rests();
      return running;
    }
    const server = await this.start(settings);
    this.#shared.set(key, server);
    return server;
  }

  /** A client that the kernel has connected; the server may serve it now or later. */
  async connect(server: ServerProcess, onEnd: NonNullable<ClientOptions['onEnd']> = 'leave'): Promise<TestClient> {
    const { host, port } = server.ready;
    const read = comparable(this.combination.app);
    const client = await TestClient.connect({ host, port }, { framing: this.framing, sizeBytes: this.#sizeBytes, read, onEnd });
    this.#clients.push(client);
    return client;
  }

  /** A client that the server is serving: it has had an answer. */
  async served(server: ServerProcess, onEnd?: ClientOptions['onEnd']): Promise<TestClient> {
    const client = await this.connect(server, onEnd);
    await this.exchange(client);
    return client;
  }

  /** Somebody who comes until there is room: who is refused, or meets a process that is just ending, comes again. */
  async newcomerServed(server: ServerProcess): Promise<TestClient> {
    let newcomer: TestClient;
    await eventually('a newcomer is served', async () => {
      newcomer = await this.connect(server);
      return this.exchange(newcomer).then(
        () => true,
        () => false,
      );
    });
    return newcomer!;
  }

  /** A peer who misbehaves. */
  async harass(server: ServerProcess, conduct: Conduct): Promise<Socket> {
    const peer = await hostilePeer(server.ready, conduct, encode(this.framing, payload(0, 0, this.#sizeBytes)));
    this.#peers.push(peer);
    return peer;
  }

  /** Sends messages in one write and asserts that the right replies come back in order. */
  async exchange(client: TestClient, messages: readonly Buffer[] = client.compose(1)): Promise<void> {
    await client.send(messages);
    expectSame(await client.receive(messages.length), messages.map(this.replyTo));
  }

  /** Takes the clients and peers away. */
  dismiss(): void {
    for (const each of [...this.#clients, ...this.#peers]) each.destroy();
    this.#clients = [];
    this.#peers = [];
  }

  /** Leaves nothing behind, however the test went. */
  async cleanUp(): Promise<void> {
    this.dismiss();
    await Promise.all(this.#servers.map((server) => server.kill()));
  }
}

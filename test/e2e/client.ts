import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { descriptorOf } from '../../bench/hostile-peers.ts';
import { encode, type Framing } from '../../framing/framing.ts';
import { sendUrgent } from '../../posix/socket.ts';
import { DEADLINE_MS } from './eventually.ts';
import { payload, senderOf } from './payload.ts';

export interface ClientOptions {
  framing: Framing;
  /** Size of the messages it makes. */
  sizeBytes: number;
  /** What it makes of a reply before anybody compares it. */
  read?: (reply: Buffer) => Buffer;
  /** What it does when the server ends the connection: end its own side too, as most do, or stay. */
  onEnd?: 'leave' | 'stay';
}

let clients = 0;

/** One connection to a server: sends framed messages, keeps what comes back. */
export class TestClient {
  readonly id: number;
  readonly localPort: number;
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #sizeBytes: number;
  readonly #news = new EventEmitter();
  /** Replies not yet asked for: to this client's own messages, and in a room those of others. */
  #own: Buffer[] = [];
  #foreign: Buffer[] = [];
  #sequence = 0;
  #state: 'open' | 'ended' | 'broken' = 'open';
  #closed = false;

  static async connect(address: { host: string; port: number }, options: ClientOptions): Promise<TestClient> {
    const socket = connect({ ...address, noDelay: true, allowHalfOpen: options.onEnd === 'stay' });
    await once(socket, 'connect');
    return new TestClient(socket, options);
  }

  private constructor(socket: Socket, { framing, sizeBytes, read = (reply) => reply }: ClientOptions) {
    clients += 1;
    this.id = clients % 1000;
    this.localPort = socket.localPort!;
    this.#socket = socket;
    this.#framing = framing;
    this.#sizeBytes = sizeBytes;
    const decoder = framing.decoder((message) => this.#sort(read(Buffer.from(message))));
    socket.on('data', (chunk: Buffer) => this.#note(() => decoder.push(chunk)));
    socket.on('end', () =>
      this.#note(() => {
        decoder.end();
        this.#state = 'ended';
      }),
    );
    socket.on('error', () => this.#note(() => (this.#state = 'broken')));
    socket.on('close', () => this.#note(() => (this.#closed = true)));
  }

  /** New messages of this client's own. */
  compose(count: number, sizeBytes = this.#sizeBytes): Buffer[] {
    return Array.from({ length: count }, () => payload(this.id, this.#sequence++, sizeBytes));
  }

  /** Sends messages in one write. */
  send(messages: readonly Buffer[]): Promise<void> {
    return this.write(Buffer.concat(messages.map((message) => encode(this.#framing, message))));
  }

  /** Sends any bytes; resolves when the kernel has taken them. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The next `count` replies to own messages. */
  async receive(count: number): Promise<Buffer[]> {
    await this.#until(`${count} replies`, () => this.#own.length >= count || this.#state !== 'open');
    if (this.#own.length < count) throw new Error(`expected ${count} replies, got ${this.#own.length}, then: ${this.#state}`);
    return this.#own.splice(0, count);
  }

  /** The next `count` messages that others said in the room. */
  async overhear(count: number): Promise<Buffer[]> {
    await this.#until(`${count} messages of others`, () => this.#foreign.length >= count || this.#state !== 'open');
    return this.#foreign.splice(0, count);
  }

  /** What came and was not asked for yet. */
  unread(): Buffer[] {
    return [...this.#own.splice(0), ...this.#foreign.splice(0)];
  }

  /** Everything up to the end of the server's stream. */
  async receiveRest(): Promise<Buffer[]> {
    await this.#until('the end of the stream', () => this.#state !== 'open');
    if (this.#state !== 'ended') throw new Error(`expected the server to end the connection, it is ${this.#state}`);
    return this.#own.splice(0);
  }

  /** Waits until the server has closed the connection, one way or the other. */
  async dropped(): Promise<void> {
    await this.#until('the connection to be closed', () => this.#state !== 'open');
  }

  /** A byte past the stream. */
  sendUrgent(): void {
    sendUrgent(descriptorOf(this.#socket));
  }

  /** Stops reading. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends no more, still receives. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Ends the connection as well-behaved clients do, and waits until it is closed. */
  async leave(): Promise<void> {
    this.#socket.end();
    await this.#until('the connection to be closed', () => this.#closed);
  }

  /** Tears the connection down with a TCP reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #sort(message: Buffer): void {
    const sender = senderOf(message);
    (sender === undefined || sender === this.id ? this.#own : this.#foreign).push(message);
  }

  #note(change: () => void): void {
    try {
      change();
    } catch {
      this.#state = 'broken'; // the server's stream isn't framed
    }
    this.#news.emit('news');
  }

  async #until(what: string, condition: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    while (!condition()) {
      await once(this.#news, 'news', { signal: deadline }).catch((cause: unknown) => {
        const got = `${this.#own.length} own and ${this.#foreign.length} foreign messages, ${this.#state}`;
        throw new Error(`expected ${what} within ${DEADLINE_MS / 1000} s, got ${got}`, { cause });
      });
    }
  }
}

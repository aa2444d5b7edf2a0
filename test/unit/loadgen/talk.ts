import { nowNs } from '../../../loadgen/clock.ts';
import type { Exchange, ExchangeContext } from '../../../loadgen/exchange.ts';
import { InOrderExchange } from '../../../loadgen/exchanges/in-order.ts';
import type { Errors, Tally } from '../../../loadgen/tally.ts';
import { exchangeContext, type Setting } from './exchange-context.ts';
import { SentBytes } from './sent-bytes.ts';

/** One connection of a load generator, whose server is played by the test. */
export class Talk {
  readonly context: ExchangeContext;
  readonly exchange: Exchange;
  readonly #sent = new SentBytes();

  constructor(context: ExchangeContext, exchange: Exchange, connection = 0) {
    this.context = context;
    this.exchange = exchange;
    this.begin(connection);
  }

  static inOrder(setting: Setting = {}, connection = 0): Talk {
    const context = exchangeContext(setting);
    return new Talk(context, new InOrderExchange(context, 0), connection);
  }

  begin(connection: number): void {
    this.exchange.begin(connection);
  }

  /** Sends the next `count` requests and returns the frame of each. */
  send(count: number): Buffer[] {
    this.exchange.send(this.#sent, 0, count, nowNs(), nowNs());
    const { frameBytes } = this.context.payloads;
    const bytes = Buffer.concat(this.#sent.take());
    return Array.from({ length: bytes.length / frameBytes }, (_, index) =>
      bytes.subarray(index * frameBytes, (index + 1) * frameBytes),
    );
  }

  /** The server's bytes arrive in one chunk, in a buffer that holds more, as a transport's does. Returns the number of answers. */
  hear(frames: readonly Buffer[], atNs = nowNs()): number {
    const bytes = Buffer.concat(frames);
    return this.exchange.received(Buffer.concat([bytes, Buffer.from('left over from earlier')]), bytes.length, atNs);
  }

  finish(atNs = nowNs()): void {
    this.exchange.finish(atNs);
  }

  get tally(): Tally {
    return this.context.tally;
  }

  /** The kinds of errors counted, without those that are 0. */
  get errors(): Partial<Errors> {
    return Object.fromEntries(Object.entries(this.tally.errors).filter(([, count]) => count > 0));
  }
}

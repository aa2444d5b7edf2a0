import type { Accepts } from '../acceptance.ts';
import type { ExchangeContext } from '../exchange.ts';
import { MessageExchange } from './by-message.ts';

/** Each request is answered by the next message that comes; whether that is a right one, `accepts` says. */
export class AcceptingExchange extends MessageExchange {
  readonly #accepts: Accepts;

  constructor(context: ExchangeContext, slot: number, accepts: Accepts) {
    super(context, slot);
    this.#accepts = accepts;
  }

  protected hear(reply: Buffer): void {
    const { tally, payloads } = this.context;
    if (this.requests.inFlight === 0) {
      tally.errors.duplicated += 1;
      return;
    }
    if (this.#accepts(reply, payloads.sizeBytes)) tally.messages += 1;
    else tally.errors.corrupt += 1;
    this.answerOldest(1);
  }
}

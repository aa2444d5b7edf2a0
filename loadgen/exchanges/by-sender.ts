import type { ExchangeFactory } from '../exchange.ts';
import { AcceptingExchange } from './accepting.ts';
import { InOrderExchange } from './in-order.ts';

/** The exchange of workloads in which every request is answered to its sender, in order. */
export const inOrder: ExchangeFactory = (context, slot) =>
  context.accepts === undefined ? new InOrderExchange(context, slot) : new AcceptingExchange(context, slot, context.accepts);

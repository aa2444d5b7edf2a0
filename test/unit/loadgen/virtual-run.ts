import { ClosedLoop, type LoopPlan } from '../../../loadgen/closed-loop.ts';
import type { ExchangeContext, ExchangeFactory } from '../../../loadgen/exchange.ts';
import { InOrderExchange } from '../../../loadgen/exchanges/in-order.ts';
import { exchangeContext, type Setting } from './exchange-context.ts';
import { HandClock } from './hand-clock.ts';
import { VirtualNetwork, type VirtualServer } from './virtual-network.ts';

export interface Wanted extends Partial<LoopPlan> {
  setting?: Setting;
  exchange?: ExchangeFactory;
  /** Ends the run at the first tick at or after this. */
  cancelAtMs?: number;
}

/** A closed loop against a played server, in virtual time: by default one connection, depth 1, one second, no warm-up. */
export class VirtualRun {
  readonly clock = new HandClock();
  readonly startedAtMs = this.clock.nowMs;
  readonly plan: LoopPlan;
  readonly context: ExchangeContext;
  readonly loop: ClosedLoop;
  readonly network: VirtualNetwork;
  /** What the loop told, with the time since the start. */
  readonly told: [string, number][] = [];

  constructor(server: VirtualServer, wanted: Wanted = {}) {
    const { setting, exchange = (context, slot) => new InOrderExchange(context, slot), cancelAtMs = Infinity, ...plan } = wanted;
    const slots = plan.slots ?? 1;
    this.plan = {
      slots,
      firstSlot: 0,
      totalSlots: slots,
      pipelining: 1,
      warmupNs: 0,
      durationNs: 1e9,
      amount: Infinity,
      messagesPerConnection: Infinity,
      ...plan,
    };
    this.context = exchangeContext({ ...setting, depth: this.plan.pipelining, totalSlots: this.plan.totalSlots });
    this.context.lastSent.fill(-1);
    const exchanges = Array.from({ length: slots }, (_, slot) => exchange(this.context, this.plan.firstSlot + slot));
    this.loop = new ClosedLoop(this.plan, exchanges, this.context.recorder, this.context.tally, {
      measuring: () => this.told.push(['measuring', this.elapsedMs]),
      measured: () => this.told.push(['measured', this.elapsedMs]),
      tick: () => this.elapsedMs >= cancelAtMs,
    });
    this.network = new VirtualNetwork(this.clock, server, this.loop);
  }

  /** Until the run is over. */
  async over(): Promise<this> {
    await this.loop.run(this.network);
    return this;
  }

  get elapsedMs(): number {
    return this.clock.nowMs - this.startedAtMs;
  }

  /** What came of it, in one look. */
  get outcome(): object {
    const { tally, recorder } = this.context;
    const errors = Object.fromEntries(Object.entries(tally.errors).filter(([, count]) => count > 0));
    return {
      messages: this.loop.measuredMessages,
      measuredMs: this.loop.measuredNs / 1e6,
      latencies: recorder.count,
      ...(tally.unanswered > 0 && { unanswered: tally.unanswered }),
      ...(Object.keys(errors).length > 0 && { errors }),
      ...(Object.keys(tally.failures).length > 0 && { failures: tally.failures }),
      connections: tally.connections,
    };
  }
}

import type { ExchangeContext, ExchangeFactory } from '../../../loadgen/exchange.ts';
import { InOrderExchange } from '../../../loadgen/exchanges/in-order.ts';
import { Loop } from '../../../loadgen/loop.ts';
import type { LoopParts } from '../../../loadgen/loop-parts.ts';
import type { Measure } from '../../../loadgen/measures.ts';
import { loadDefaults, type CompleteOptions, type LoadOptions } from '../../../loadgen/options.ts';
import type { PaceName } from '../../../loadgen/paces/by-name.ts';
import { newRecorders, type RecorderSet } from '../../../loadgen/recorder-set.ts';
import { StartLine } from '../../../loadgen/start-line.ts';
import { threadParts } from '../../../loadgen/thread-parts.ts';
import type { Transport } from '../../../loadgen/transport.ts';
import { defineWorkload, type Role, type Workload } from '../../../loadgen/workload.ts';
import type { Setting } from './exchange-context.ts';
import { HandClock } from './hand-clock.ts';
import { VirtualNetwork, type VirtualServer } from './virtual-network.ts';

export interface Wanted {
  slots?: number;
  firstSlot?: number;
  totalSlots?: number;
  pipelining?: number;
  warmupNs?: number;
  durationNs?: number;
  amount?: number;
  messagesPerConnection?: number;
  setting?: Setting;
  exchange?: ExchangeFactory;
  /** A real one, with its defaults, and options besides. */
  workload?: Workload;
  options?: Partial<LoadOptions>;
  /** An open loop instead of a closed one. */
  schedule?: Pick<LoadOptions, 'rate'> & Partial<LoadOptions>;
  /** Ends the run at the first tick at or after this. */
  cancelAtMs?: number;
}

/** A thread's loop against a played server, in virtual time: by default one connection, depth 1, one second, no warm-up. */
export class VirtualRun {
  readonly clock = new HandClock();
  readonly startedAtMs = this.clock.nowMs;
  readonly parts: LoopParts;
  readonly recorders: RecorderSet;
  readonly loop: Loop;
  readonly network: VirtualNetwork;
  readonly #transport: Transport;
  /** What the loop told, with the time since the start. */
  readonly told: [string, number][] = [];
  readonly #workload: Workload;
  readonly #options: CompleteOptions;
  /** What the exchanges were given. */
  context!: ExchangeContext;

  constructor(server: VirtualServer, wanted: Wanted = {}) {
    const { slots = 1, firstSlot = 0, totalSlots = slots, warmupNs = 0, cancelAtMs = Infinity, schedule } = wanted;
    const { setting = {}, exchange = (context, slot) => new InOrderExchange(context, slot) } = wanted;
    const { amount = Infinity, messagesPerConnection = Infinity } = wanted;
    const durationNs = wanted.durationNs ?? (amount === Infinity ? 1e9 : Infinity);
    const pace: PaceName = schedule === undefined ? 'closed' : 'scheduled';
    const described = defineWorkload({
      name: 'virtual',
      summary: 'what a test wants',
      app: 'echo',
      replyTo: () => setting.replyTo ?? ((request) => request),
      roles: () => [{ pace, exchange }],
      placement: 'apart',
      variants: [],
    });
    const workload = this.#noting(wanted.workload ?? described);
    const options = {
      ...loadDefaults,
      ...workload.defaults,
      workload: workload.name,
      transport: 'virtual',
      target: { host: 'nowhere', port: 1 },
      sizeBytes: 32,
      ...setting,
      pipelining: wanted.pipelining ?? 1,
      ...schedule,
      connections: totalSlots,
      ...wanted.options,
    };
    this.#workload = workload;
    this.#options = options;
    this.recorders = newRecorders(workload.histograms);
    const share = {
      connections: { slots, firstSlot, totalSlots, amount, messagesPerConnection },
      startLine: new StartLine(1),
      finishLine: new StartLine(1),
      recorders: this.recorders,
      shared: new SharedArrayBuffer(workload.sharedBytes?.(options) ?? 0),
    };
    this.parts = threadParts(workload, options, share);
    this.loop = new Loop({ warmupNs, durationNs, drainNs: loadDefaults.drainMs * 1e6 }, this.parts, {
      measuring: () => this.told.push(['measuring', this.elapsedMs]),
      measured: () => this.told.push(['measured', this.elapsedMs]),
      tick: () => this.elapsedMs >= cancelAtMs,
    });
    this.network = new VirtualNetwork(this.clock, server);
    this.#transport = workload.wire?.(this.network, options, firstSlot) ?? this.network;
  }

  /** The same workload; `context` is what its exchanges are given. */
  #noting(workload: Workload): Workload {
    const noting = (role: Role): Role => ({
      ...role,
      exchange: (context, slot) => {
        this.context = context;
        return role.exchange(context, slot);
      },
    });
    return { ...workload, roles: (options) => workload.roles(options).map(noting) };
  }

  /** Until the run is over. */
  async over(): Promise<this> {
    await this.loop.run(this.#transport);
    return this;
  }

  get elapsedMs(): number {
    return this.clock.nowMs - this.startedAtMs;
  }

  /** Requests of each slot that were answered. */
  get answered(): number[] {
    return [...this.parts.connections.answered];
  }

  /** What only its workload measures; a latency as its count, mean and maximum in ms. */
  get measures(): Record<string, number | string> {
    const { measuredNs, measuredMessages } = this.loop;
    const messagesPerSecond = (measuredMessages * 1e9) / measuredNs;
    const { counters, failures } = this.parts.tally;
    const durationMs = measuredNs / 1e6;
    const found = { options: this.#options, histograms: this.recorders, counters, failures, durationMs, messagesPerSecond };
    const inShort = (measure: Measure): number | string => {
      if (measure.kind !== 'latency') return measure.value;
      const { count, mean, max } = measure.latencyNs;
      return `${count} of ${mean / 1e6}, at most ${max / 1e6} ms`;
    };
    return Object.fromEntries(
      Object.entries(this.#workload.measures?.(found) ?? {}).map(([name, measure]) => [name, inShort(measure)]),
    );
  }

  /** What came of it, in one look. */
  get outcome(): { measuredMs: number } & Record<string, unknown> {
    const { tally, recorders } = this.parts;
    const errors = Object.fromEntries(Object.entries(tally.errors).filter(([, count]) => count > 0));
    return {
      messages: this.loop.measuredMessages,
      measuredMs: Math.round(this.loop.measuredNs) / 1e6,
      latencies: recorders.responseTime.count,
      ...(tally.unanswered > 0 && { unanswered: tally.unanswered }),
      ...(Object.keys(errors).length > 0 && { errors }),
      ...(Object.keys(tally.failures).length > 0 && { failures: tally.failures }),
      connections: tally.connections,
    };
  }
}

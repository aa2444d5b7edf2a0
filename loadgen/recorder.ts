/**
 * Latencies in integer ns, in log-linear buckets: the exponent and the top ten mantissa bits of a value as a double are
 * its bucket, so that buckets are at most 1/1024 of their value wide (3 significant digits). 64 ns to 18 minutes; values
 * outside count in the outermost bucket. The counts live in shared memory: another thread may read them at any time.
 */
export class Recorder {
  readonly shared: SharedArrayBuffer;
  readonly #totals: Float64Array;
  readonly #counts: Uint32Array;

  /** @param shared the memory of a recorder in another thread, to record into the same counts or to read them */
  constructor(shared?: SharedArrayBuffer) {
    this.shared = shared ?? new SharedArrayBuffer(TOTALS_BYTES + 4 * BUCKETS);
    this.#totals = new Float64Array(this.shared, 0, TOTALS);
    this.#counts = new Uint32Array(this.shared, TOTALS_BYTES);
    if (shared === undefined) this.reset();
  }

  record(latencyNs: number): void {
    const bucket = bucketOf(latencyNs);
    this.#counts[bucket]! += 1;
    this.#totals[COUNT]! += 1;
    this.#totals[SUM]! += latencyNs;
    if (latencyNs > this.#totals[MAX]!) this.#totals[MAX] = latencyNs;
  }

  /** A request that is still unanswered after `ageNs`: its latency is that or more. */
  recordLowerBound(ageNs: number): void {
    this.record(ageNs);
    this.#totals[BOUNDS]! += 1;
    this.#totals[BOUNDS_SUM]! += ageNs;
    // Whole ns, like the values that are compared with it.
    this.#totals[LOWEST_BOUND] = Math.min(this.#totals[LOWEST_BOUND]!, Math.floor(ageNs));
  }

  reset(): void {
    this.#totals.fill(0);
    this.#totals[LOWEST_BOUND] = Infinity;
    this.#counts.fill(0);
  }

  /** Adds another's counts to these. */
  merge(other: Recorder): void {
    for (const total of [COUNT, SUM, BOUNDS, BOUNDS_SUM]) this.#totals[total]! += other.#totals[total]!;
    this.#totals[MAX] = Math.max(this.#totals[MAX]!, other.#totals[MAX]!);
    this.#totals[LOWEST_BOUND] = Math.min(this.#totals[LOWEST_BOUND]!, other.#totals[LOWEST_BOUND]!);
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) this.#counts[bucket]! += other.#counts[bucket]!;
  }

  /** Calls back with the middle of each bucket that holds anything, from the lowest on, and how many values are in it. */
  forEach(visit: (valueNs: number, count: number) => void): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      if (this.#counts[bucket]! > 0) visit(Math.round((lowerEdge(bucket) + lowerEdge(bucket + 1)) / 2), this.#counts[bucket]!);
    }
  }

  get count(): number {
    return this.#totals[COUNT]!;
  }

  /** How many of them are lower bounds. */
  get lowerBounds(): number {
    return this.#totals[BOUNDS]!;
  }

  get maxNs(): number {
    return Math.round(this.#totals[MAX]!);
  }

  get meanNs(): number {
    return this.count === 0 ? 0 : Math.round(this.#totals[SUM]! / this.count);
  }

  /** Of those alone that were answered. */
  get answeredMeanNs(): number {
    const answered = this.count - this.lowerBounds;
    return answered === 0 ? 0 : Math.round((this.#totals[SUM]! - this.#totals[BOUNDS_SUM]!) / answered);
  }

  /** The value that a share `p` of all latencies does not exceed: the upper edge of its bucket. 0 when empty. */
  percentileNs(p: number): number {
    const rank = Math.max(1, Math.ceil(p * this.count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min(Math.floor(lowerEdge(bucket + 1)), this.maxNs);
    }
    return this.maxNs;
  }

  /** How many latencies lie above, to the precision of a bucket. */
  countAbove(ns: number): number {
    let above = 0;
    this.forEach((valueNs, count) => {
      if (valueNs > ns) above += count;
    });
    return above;
  }

  /**
   * Whether a value read off this histogram is only a lower bound: it is as soon as one unanswered request has an age at or
   * below it, because that request's true latency may lie on either side. (An older one lies above in any case.)
   */
  isLowerBound(valueNs: number): boolean {
    return this.#totals[LOWEST_BOUND]! <= valueNs;
  }
}

const [COUNT, SUM, MAX, BOUNDS, LOWEST_BOUND, BOUNDS_SUM, TOTALS] = [0, 1, 2, 3, 4, 5, 6] as const;
const TOTALS_BYTES = 8 * TOTALS;

const LOWEST_EXPONENT = 6;
const HIGHEST_EXPONENT = 40;
const MANTISSA_BITS = 10;
const BUCKETS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) << MANTISSA_BITS;
const BIAS = (1023 + LOWEST_EXPONENT) << MANTISSA_BITS;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

function bucketOf(value: number): number {
  double[0] = value;
  const bucket = (words[HIGH_WORD]! >>> (20 - MANTISSA_BITS)) - BIAS;
  return bucket < 0 ? 0 : bucket >= BUCKETS ? BUCKETS - 1 : bucket;
}

function lowerEdge(bucket: number): number {
  words[HIGH_WORD] = (bucket + BIAS) << (20 - MANTISSA_BITS);
  words[1 - HIGH_WORD] = 0;
  return double[0]!;
}

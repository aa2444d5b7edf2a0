import { FrameBatch } from '../../framing/frame-batch.ts';
import { byName, encode, framingNames } from '../../framing/framing.ts';
import { ours, theirs, type Contender } from './contenders.ts';

const CHUNK_BYTES = 1 << 16;
/** Payload of one measured call: so much that starting a decoder and reading the clock don't count. */
const CALL_BYTES = 4 << 20;
const SIZES_BYTES = [64, 1024];

export interface Subject {
  what: 'decode' | 'encode';
  name: string;
  sizeBytes: number;
  /** The name of the subject that `ratioToOurs` refers to. */
  comparedTo: string;
  messagesPerCall: number;
  /** Told to tinybench, which otherwise finds out by a call that it doesn't wait for: that one would run into the next. */
  isAsync: boolean;
  call: () => Promise<void> | void;
}

/** Each has been checked once: all messages, in order, with their content. */
export async function prepareSubjects(): Promise<Subject[]> {
  const prepared: Subject[] = [];
  for (const sizeBytes of SIZES_BYTES) {
    const payloads = numberedPayloads(sizeBytes);
    const contenders = [...framingNames.map((name) => ours(name, sizeBytes)), ...theirs];
    for (const contender of contenders) prepared.push(await decoding(contender, payloads, sizeBytes));
    for (const name of framingNames) prepared.push(encoding(name, payloads, sizeBytes));
  }
  return prepared;
}

/** Each differs from all others, so that a lost or repeated message shows. ASCII, which is what suits split2's strings best. */
function numberedPayloads(sizeBytes: number): Buffer[] {
  return Array.from({ length: CALL_BYTES / sizeBytes }, (_, index) => Buffer.from(`message ${index} `.padEnd(sizeBytes, '.')));
}

async function decoding(contender: Contender, payloads: readonly Buffer[], sizeBytes: number): Promise<Subject> {
  const chunks = cut(await contender.wire(payloads));
  await check(contender, chunks, payloads);
  // Counted, and the count compared: otherwise the work could be optimised away.
  let messages = 0;
  let bytes = 0;
  const count = (message: Buffer | string): void => {
    messages += 1;
    bytes += message.length;
  };
  const expectAll = (): void => {
    if (messages !== payloads.length || bytes !== CALL_BYTES) {
      throw new Error(
        `${contender.name}: expected ${payloads.length} messages of ${CALL_BYTES} bytes, got ${messages} of ${bytes}`,
      );
    }
    messages = 0;
    bytes = 0;
  };
  const { name, comparedTo, isAsync } = contender;
  const call = (): Promise<void> | void => {
    const end = contender.decode(chunks, count);
    return end === undefined ? expectAll() : end.then(expectAll);
  };
  return { what: 'decode', name, sizeBytes, comparedTo, messagesPerCall: payloads.length, isAsync, call };
}

/** As a receiver meets it: chunks end where they are full, so messages lie across their borders. */
function cut(wire: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(wire.length / CHUNK_BYTES) }, (_, index) =>
    wire.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
  );
}

async function check(contender: Contender, chunks: readonly Buffer[], payloads: readonly Buffer[]): Promise<void> {
  let next = 0;
  await contender.decode(chunks, (message) => {
    const got = Buffer.from(message);
    if (!payloads[next]?.equals(got))
      throw new Error(`${contender.name}: expected message ${next}, got ${JSON.stringify(got.toString())}`);
    next += 1;
  });
  if (next !== payloads.length) throw new Error(`${contender.name}: expected ${payloads.length} messages, got ${next}`);
}

function encoding(name: string, payloads: readonly Buffer[], sizeBytes: number): Subject {
  const framing = byName(name, { sizeBytes });
  const frameBytes = sizeBytes + framing.overheadBytes;
  const batch = new FrameBatch(framing);
  const encodeAll = (onBatch: (frames: Buffer) => void): void => {
    for (const payload of payloads) {
      if (batch.length + frameBytes > CHUNK_BYTES) {
        onBatch(batch.peek());
        batch.clear();
      }
      batch.add(payload);
    }
    onBatch(batch.peek());
    batch.clear();
  };
  const batches: Buffer[] = [];
  encodeAll((frames) => batches.push(Buffer.from(frames)));
  const single = Buffer.concat(payloads.map((payload) => encode(framing, payload)));
  if (!Buffer.concat(batches).equals(single)) throw new Error(`${name}: expected a batch of the single frames, got other bytes`);
  const call = (): void => {
    let bytes = 0;
    encodeAll((frames) => {
      bytes += frames.length;
    });
    if (bytes !== single.length) throw new Error(`${name}: expected ${single.length} bytes, got ${bytes}`);
  };
  return { what: 'encode', name, sizeBytes, comparedTo: name, messagesPerCall: payloads.length, isAsync: false, call };
}

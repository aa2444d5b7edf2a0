// Preloaded into a server (--import): a thread or process of it that receives $FATAL fails from then on in all it does, as with a bug of
// ours. The first process's main thread is spared: its end is that of the server anyway.
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const fatal = process.env['FATAL']!;

if (!isMainThread || basename(process.argv[1]!) !== 'main.js') {
  watch(Buffer.prototype, 'subarray');
  watch(Buffer, 'from');
}

/** Looks into every buffer that the method returns. */
function watch<Name extends string>(object: Record<Name, (...args: never[]) => Buffer>, name: Name): void {
  const method = object[name];
  object[name] = function watched(this: unknown, ...args) {
    const buffer = method.apply(this, args);
    if (buffer.includes(fatal)) breakDown();
    return buffer;
  };
}

function breakDown(): never {
  const fail = (): never => {
    throw new Error('a bug of ours');
  };
  performance.now = fail;
  Object.assign(Atomics, { add: fail, compareExchange: fail, load: fail });
  return fail();
}

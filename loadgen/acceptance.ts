import { SockbenchError } from '../errors/sockbench-error.ts';

/** Whether a reply is right, for servers that do not answer what the workload says. */
export type Accepts = (reply: Buffer, sizeBytes: number) => boolean;

/**
 * What `expect` means: undefined for `echo`, which compares every byte with what the workload says.
 * @throws SockbenchError E_OPTION for what is no regular expression
 */
export function acceptance(expect: string): Accepts | undefined {
  if (expect === 'echo') return undefined;
  if (expect === 'same-length') return (reply, sizeBytes) => reply.length === sizeBytes;
  if (expect === 'any') return () => true;
  let pattern: RegExp;
  try {
    pattern = new RegExp(expect);
  } catch (cause) {
    throw new SockbenchError('E_OPTION', `expected echo, same-length, any or a regular expression, got ${JSON.stringify(expect)}`, {
      cause,
    });
  }
  return (reply) => pattern.test(reply.toString());
}

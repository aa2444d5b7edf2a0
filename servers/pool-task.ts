// What a thread of a piscina pool runs for each message: the app, and nothing else.
import { workerData } from 'piscina';
import type { Reply } from './app.ts';
import { resolveService, type ServiceSpec } from './service.ts';

const { app } = await resolveService(workerData as ServiceSpec);

export default function handle({ buffer, byteOffset, byteLength }: Uint8Array): Reply {
  return app.handle(Buffer.from(buffer, byteOffset, byteLength));
}

// Entry of every thread and process that a model starts beside its first: runs the model's `member`.
import { parentPort, workerData } from 'node:worker_threads';
import { dieWithStarter } from '../posix/lifetime.ts';
import type { MemberStart } from './threads.ts';
import { models } from './registry.ts';
import { resolveService } from './service.ts';

const start = parentPort ? (workerData as MemberStart) : (JSON.parse(process.argv[2]!) as MemberStart);
if (!parentPort) dieWithStarter();

const service = await resolveService(start.spec, start.counts);
const model = await models.load(start.spec.model);
parentPort?.postMessage('started');
await model.member?.(service, start.data);

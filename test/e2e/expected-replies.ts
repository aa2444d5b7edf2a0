import { pbkdf2Sync } from 'node:crypto';
import type { AppDefinition, AppOptions } from '../../servers/app.ts';
import { payload } from './payload.ts';

/** What the tests ask of the apps: not the defaults, so that it shows whether the settings arrive. */
export const appOptions: AppOptions = { work: 3, delayMs: 2, slowShare: 0.3 };

/** Second opinions on what the apps reply. */
const independently: Record<string, (message: Buffer) => Buffer> = {
  echo: (message) => message,
  chat: (message) => message,
  wait: (message) => message,
  mixed: (message) => message,
  hash(message) {
    const digest = pbkdf2Sync(message.subarray(11), 'sockbench', appOptions.work, 32, 'sha256').toString('hex');
    const filled = digest.repeat(Math.ceil(message.length / digest.length));
    return Buffer.concat([message.subarray(0, 11), Buffer.from(filled).subarray(11, message.length)]);
  },
  identify: (message) => Buffer.concat([message.subarray(0, 11), Buffer.alloc(Math.max(0, message.length - 11), '?')]),
};

/** Replies that only their server can know: what can be checked is, and what is right is blanked out. */
const blanked: Record<string, (reply: Buffer) => Buffer> = {
  identify(reply) {
    const [, pid, begunNs, tookNs] = /^ (\d+) \d+ (\d+) (\d+) +$/.exec(reply.toString('latin1', 11)) ?? [];
    const nowNs = Number(process.hrtime.bigint());
    const fits = reply.length >= 64 ? Number(pid) > 1 && Number(tookNs) > 0 && Number(begunNs) + Number(tookNs) <= nowNs : true;
    return fits ? Buffer.concat([reply.subarray(0, 11), Buffer.alloc(Math.max(0, reply.length - 11), '?')]) : reply;
  },
};

/** What of a reply to this app can be compared with `expectedReply`. */
export const comparable = (app: AppDefinition): ((reply: Buffer) => Buffer) => blanked[app.name] ?? ((reply) => reply);

/** The right reply to a message. An app without a second opinion is pure, so it says itself what a server must reply. */
export function expectedReply(app: AppDefinition): (message: Buffer) => Buffer {
  const handle = app.create(appOptions);
  return independently[app.name] ?? ((message) => handle(message).payload);
}

/** Whether replies go to everyone in the room. */
export function speaksToRoom(app: AppDefinition): boolean {
  return app.create(appOptions)(Buffer.from('to whom?')).to === 'room';
}

/** So many different messages that there is one for each kind of reply. */
const MANY = 100;

/** What of its replies is a model's affair: to whom they go, and when. */
export function kindOfReply(app: AppDefinition): string {
  const handle = app.create(appOptions);
  const replies = Array.from({ length: MANY }, (_, sequence) => handle(payload(0, sequence, 64)));
  const kinds = new Set(replies.map(({ to, afterMs = 0 }) => `to the ${to}, ${afterMs > 0 ? 'later' : 'at once'}`));
  return [...kinds].toSorted().join(' or ');
}

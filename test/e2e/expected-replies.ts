import { pbkdf2Sync } from 'node:crypto';
import type { AppDefinition, AppOptions } from '../../servers/app.ts';

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
};

/** The right reply to a message. An app without a second opinion is pure, so it says itself what a server must reply. */
export function expectedReply(app: AppDefinition): (message: Buffer) => Buffer {
  const handle = app.create(appOptions);
  return independently[app.name] ?? ((message) => handle(message).payload);
}

/** Whether replies go to everyone in the room. */
export function speaksToRoom(app: AppDefinition): boolean {
  return app.create(appOptions)(Buffer.from('to whom?')).to === 'room';
}

import { pbkdf2Sync } from 'node:crypto';
import type { AppDefinition } from '../../servers/app.ts';

/** CPU work that the tests ask for: not the default, so that it shows whether the setting arrives. */
export const WORK = 3;

/** Second opinions on what the apps reply. */
const independently: Record<string, (message: Buffer) => Buffer> = {
  echo: (message) => message,
  chat: (message) => message,
  hash(message) {
    const digest = pbkdf2Sync(message.subarray(11), 'sockbench', WORK, 32, 'sha256').toString('hex');
    const filled = digest.repeat(Math.ceil(message.length / digest.length));
    return Buffer.concat([message.subarray(0, 11), Buffer.from(filled).subarray(11, message.length)]);
  },
};

/** The right reply to a message. An app without a second opinion is pure, so it says itself what a server must reply. */
export function expectedReply(app: AppDefinition): (message: Buffer) => Buffer {
  const handle = app.create({ work: WORK });
  return independently[app.name] ?? ((message) => handle(message).payload);
}

/** Whether replies go to everyone in the room. */
export function speaksToRoom(app: AppDefinition): boolean {
  return app.create({ work: WORK })(Buffer.from('to whom?')).to === 'room';
}

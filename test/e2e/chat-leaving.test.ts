/** How people come to a chat and leave it, each through `sockbench chat` with piped streams. */
import { afterAll, describe, expect, test } from 'vitest';
import type { ReadyLine } from '../../servers/serve.ts';
import { eventually } from './eventually.ts';
import { withoutSignals } from './signals.ts';
import { SockbenchCommand } from './sockbench-command.ts';

const everyone: SockbenchCommand[] = [];
afterAll(() => {
  for (const { child } of everyone) child.kill('SIGKILL');
});

describe.concurrent.each(['event-loop', 'cluster'])('people in a chat over %s', (model) => {
  test('all hear what each of them says, in the order in which they said it', async () => {
    const server = await openChat(model);
    const people = await Promise.all(['ada', 'bob', 'eve'].map((name) => join(server, name)));
    for (const [index, person] of people.entries()) say(person, `first of ${index}`, `second of ${index}`);
    for (const listener of people) {
      for (const [index, name] of ['ada', 'bob', 'eve'].entries()) {
        await eventually(`everyone hears ${name}`, () =>
          wordsOf(listener, name).join().endsWith(`first of ${index},second of ${index}`),
        );
      }
    }
  });
});

describe.concurrent('someone in a chat', () => {
  test('leaves at the end of the input, with 0, after hearing what they said last', async () => {
    const ada = await join(await openChat('event-loop'), 'ada');
    ada.child.stdin!.end('bye\n');
    expect(await ada.exited, ada.stderr).toBe(0);
    expect(ada.stdout).toBe('ada: here\nada: bye\n');
  });

  test('says an unfinished last line, and no empty one', async () => {
    const ada = await join(await openChat('event-loop'), 'ada');
    ada.child.stdin!.end('\n  \nbye');
    expect(await ada.exited, ada.stderr).toBe(0);
    expect(ada.stdout).toBe('ada: here\nada: bye\n');
  });

  test('leaves with 130 at Ctrl-C', async (context) => {
    if (withoutSignals !== undefined) context.skip(withoutSignals);
    const ada = await join(await openChat('event-loop'), 'ada');
    ada.child.kill('SIGINT');
    expect(await ada.exited, ada.stderr).toBe(130);
  });

  test('is told when the server has gone, and ends with 1', async (context) => {
    if (withoutSignals !== undefined) context.skip(withoutSignals);
    const server = await openChat('event-loop');
    const ada = await join(server, 'ada');
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(await ada.exited).toBe(1);
    expect(ada.stderr).toContain('The server has closed the connection.');
  });
});

async function openChat(model: string): Promise<SockbenchCommand> {
  const server = started('chat', '--serve', '--model', model);
  await eventually('the chat is open', () => server.stdout.includes('\n'));
  await eventually('it says how to join', () => server.stderr.includes('Join with: npm run chat -- --connect '));
  return server;
}

/** Someone who has heard themselves, and so is in the room. */
async function join(server: SockbenchCommand, name: string): Promise<SockbenchCommand> {
  const { host, port } = JSON.parse(server.stdout) as ReadyLine;
  const person = started('chat', '--connect', `${host}:${port}`, '--name', name);
  say(person, 'here');
  await eventually(`${name} is in the room`, () => wordsOf(person, name).includes('here'));
  return person;
}

function say(person: SockbenchCommand, ...lines: string[]): void {
  person.child.stdin!.write(lines.map((line) => `${line}\n`).join(''));
}

function wordsOf(listener: SockbenchCommand, speaker: string): string[] {
  const lines = listener.stdout.split('\n').filter((line) => line.startsWith(`${speaker}: `));
  return lines.map((line) => line.slice(speaker.length + 2));
}

function started(...args: string[]): SockbenchCommand {
  const command = new SockbenchCommand(...args);
  everyone.push(command);
  return command;
}

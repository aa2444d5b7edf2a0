/** People in a chat: sockbench's own client, and anything that sends lines, such as nc. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ReadyLine } from '../../servers/serve.ts';
import { unavailable } from '../../servers/registry.ts';
import { eventually } from './eventually.ts';
import { withoutSignals } from './signals.ts';
import { SockbenchCommand } from './sockbench-command.ts';
import { sampleOfModels } from './thoroughness.ts';

const manySeats = (await sampleOfModels()).filter(({ capabilities }) => capabilities.connections === 'many');

describe.concurrent.each(manySeats)('a chat over $name', (model) => {
  test('lets a client and nc hear each other, without control characters', async (context) => {
    const obstacle = unavailable(model);
    if (obstacle !== undefined) context.skip(obstacle);
    const server = new SockbenchCommand('chat', '--serve', '--model', model.name);
    await eventually('the chat is ready', () => server.stdout.includes('\n'));
    const { host, port } = JSON.parse(server.stdout) as ReadyLine;
    const ada = new SockbenchCommand('chat', '--connect', `${host}:${port}`, '--name', 'ada');
    await eventually('ada is connected', () => ada.stderr.includes('Connected'));
    ada.child.stdin!.write('hello\n');
    await eventually('ada hears herself', () => ada.stdout === 'ada: hello\n');
    const nc = connect({ host, port });
    let heard = '';
    nc.setEncoding('utf8').on('data', (text: string) => (heard += text));
    nc.write('hi \u001b[2Jthere\r\n');
    await eventually('ada hears nc', () => ada.stdout.includes('there\n'));
    expect(ada.stdout).toBe('ada: hello\nhi \u{FFFD}[2Jthere\n');
    ada.child.stdin!.end('bye\n');
    await eventually('nc hears ada', () => heard.includes('ada: bye\n'));
    expect(await ada.exited).toBe(0);
    nc.end();
    await once(nc, 'close');
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(withoutSignals === undefined ? 0 : 'SIGTERM');
  });
});

test('a chat client without a server says how to start one, and exits with 2', async () => {
  const { code, stderr } = await SockbenchCommand.run('chat', '--connect', '127.0.0.1:1', '--name', 'ada');
  expect(stderr).toContain('ECONNREFUSED');
  expect(stderr).toContain('sockbench chat --serve');
  expect(code).toBe(2);
});

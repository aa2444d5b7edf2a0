import { describe, expect, test } from 'vitest';
import { commandSubject } from '../../../bench/subjects.ts';

describe("somebody's server", () => {
  test('has a name and a command, split into words as a shell would', async () => {
    const subject = commandSubject(`mine=python3 "my server.py" --greeting 'hello there'`);
    expect(subject).toMatchObject({ name: 'mine', kind: 'command' });
    expect(await subject.obstacle()).toBeUndefined();
    expect(await subject.command({})).toEqual(['python3', 'my server.py', '--greeting', 'hello there']);
  });

  test('gets a free port wherever its command asks for one', async () => {
    const [program, option, address] = await commandSubject('mine=server --port={port} 127.0.0.1:{port}').command({});
    expect(program).toBe('server');
    expect(option).toMatch(/^--port=[1-9]\d+$/);
    expect(address).toBe(`127.0.0.1:${option!.slice('--port='.length)}`);
  });

  test('echoes, and runs no other app', () => {
    const subject = commandSubject('mine=server');
    expect([subject.runs('echo'), subject.runs('chat')]).toEqual([true, false]);
  });

  test.each(['server', '=server', 'mine=', 'mine= ', 'my server=x'])('is refused when given as %j', (text) => {
    expect(() => commandSubject(text)).toThrow(expect.objectContaining({ code: 'E_OPTION' }));
  });
});

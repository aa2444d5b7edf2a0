import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';

// As on a machine without setpriv: then it is spawn that fails, and there is no process at all.
vi.doMock(import('../../../posix/process.ts'), async (original) => ({
  ...(await original()),
  tiedToThisProcess: (command: readonly string[]) => command,
}));
vi.resetModules(); // other files of this worker have imported what is mocked
const { ServerCommand } = await import('../../../loadgen/command.ts');
afterAll(() => {
  vi.doUnmock('../../../posix/process.ts');
  vi.resetModules();
});

test('a server that can not be started is reported as such, whatever else listens on this machine', async () => {
  const bystander = spawn(process.execPath, ['-e', `net.createServer().listen(0, '127.0.0.1', () => console.log('listening'))`]);
  onTestFinished(() => void bystander.kill('SIGKILL'));
  await once(bystander.stdout, 'data');
  const command = new ServerCommand(['/nowhere/server', '--fast'], undefined);
  await expect(command.ready(60_000)).rejects.toMatchObject({
    code: 'E_SERVER_START',
    message: expect.stringMatching(/^\/nowhere\/server --fast: .*ENOENT/),
  });
  await command.stop();
});

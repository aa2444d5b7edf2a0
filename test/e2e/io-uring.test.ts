/** What is peculiar to models over a completion ring: the kernel, or a container, may forbid it. */
import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { models, unavailable } from '../../servers/registry.ts';
import { ownHost, ServerProcess } from './server-process.ts';

const overRing = (await models.all()).filter(({ capabilities }) => capabilities.requires?.includes('io_uring'));
const withoutStrace = spawnSync('strace', ['--version']).error && 'needs strace';

describe.each(overRing)('the model $name', (model) => {
  test.skipIf(unavailable(model) ?? withoutStrace).each([
    ['EPERM', 'needs io_uring, which is forbidden here'],
    ['ENOSYS', 'needs io_uring, which this kernel lacks or a container hides'],
    ['EINVAL', 'needs io_uring as of Linux 5.19'],
  ])('says why and exits with 2 where setting up a ring fails with %s', async (errno, reason) => {
    const faults = ['-e', 'trace=io_uring_setup', '-e', `inject=io_uring_setup:error=${errno}`];
    const under = ['strace', '-f', '-qq', '-o', '/dev/null', ...faults];
    const server = new ServerProcess({ model: model.name, host: ownHost() }, { under });
    onTestFinished(() => server.kill());
    expect(await server.exited).toEqual({ code: 2, signal: null });
    expect(server.stderr).toContain(`E_MODEL_UNAVAILABLE: expected to run ${model.name}; it ${reason}`);
    expect(server.stdout).toBe('');
  });
});

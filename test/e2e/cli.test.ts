/** What a person meets on the command line: help, lists, mistakes. */
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { models, unavailable } from '../../servers/registry.ts';
import { withoutSignals } from './signals.ts';
import { SockbenchCommand } from './sockbench-command.ts';
import { sampleOfModels } from './thoroughness.ts';

const names = await models.names();
const sample = await sampleOfModels();

describe.concurrent('a misspelt name', () => {
  test.each([
    [['load', '--conections', '5', '127.0.0.1:1'], 'option: expected one of --connections', '--connections'],
    [['lod'], 'command: expected one of run, report, ', 'load'],
    [['run', '--models', 'event-lop'], 'model: expected one of', 'event-loop'],
    [['run', '--workloads', 'eco'], 'workload: expected one of', 'echo'],
    [['run', '--framing', 'lines'], 'framing: expected one of fixed, length, line', 'line'],
    [['serve', '--model', 'clutser'], 'model: expected one of', 'cluster'],
    [['serve', '--app', 'hush'], 'app: expected one of', 'hash'],
    [['load', '--transport', 'ne', '127.0.0.1:1'], 'transport: expected one of', 'net'],
  ])('in %j is answered with the nearest, and exit code 2', async (args, expected, nearest) => {
    const { code, stdout, stderr } = await SockbenchCommand.run(...args);
    expect(stderr).toContain(expected);
    expect(stderr).toContain(`nearest: ${nearest}`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe.concurrent('a wrong value', () => {
  test.each([
    [['load', '-c', '0', '127.0.0.1:1'], '--connections: expected a whole number of at least 1, got "0"'],
    [['load', '-d', 'soon', '127.0.0.1:1'], '--duration: expected a duration such as'],
    [['load', 'localhost'], 'HOST:PORT: expected an address such as'],
    [['load'], 'expected HOST:PORT or -- COMMAND, got neither'],
    [['serve', '--port', '70000'], '--port: expected a port'],
    [['serve', '--workers', '100000'], 'workers: expected at most'],
    [['chat'], 'expected --serve, or --connect HOST:PORT with --name NAME'],
    [['report', '/nonexistent.json'], 'expected a results file in JSON'],
    [['report', 'package.json'], 'package.json: field format: Invalid input: expected "sockbench-run-1", got nothing'],
  ])('in %j is named, with what was expected, and exit code 2', async (args, expected) => {
    const { code, stdout, stderr } = await SockbenchCommand.run(...args);
    expect(stderr).toContain(expected);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe.concurrent('sockbench', () => {
  test('lists models, workloads, framings and apps as JSON, each with a summary', async () => {
    const { code, stdout } = await SockbenchCommand.run('list', '--json');
    const catalogue = JSON.parse(stdout) as Record<string, { name: string; summary: string }[]>;
    expect(code).toBe(0);
    expect(Object.keys(catalogue)).toEqual(['models', 'workloads', 'framings', 'apps', 'transports']);
    expect(catalogue['models']!.map(({ name }) => name)).toEqual(names);
    for (const entries of Object.values(catalogue)) for (const { summary } of entries) expect(summary).not.toBe('');
  });

  test.each([
    ['0.0.0.0', /WARNING: listening on 0\.0\.0\.0: whoever reaches this machine can connect/],
    ['127.0.0.1', /^((?!WARNING)[^])*$/],
  ])('warns if others than this machine can reach %s', async (host, said) => {
    const command = new SockbenchCommand('serve', '--host', host);
    command.child.stdout!.once('data', () => command.child.kill('SIGTERM'));
    await command.exited;
    expect(command.stderr).toMatch(said);
  });

  test('serves until SIGTERM, after one ready line', async (context) => {
    if (withoutSignals !== undefined) context.skip(withoutSignals);
    const command = new SockbenchCommand('serve', '--model', 'event-loop');
    command.child.stdout!.once('data', () => command.child.kill('SIGTERM'));
    expect(await command.exited).toBe(0);
    expect(command.stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(command.stdout)).toMatchObject({
      ready: true,
      host: '127.0.0.1',
      model: 'event-loop',
      pid: command.child.pid,
    });
  });

  test.for(sample)('says that the port is taken, under $name', async (model, context) => {
    const obstacle = unavailable(model);
    if (obstacle !== undefined) context.skip(obstacle);
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, stdout, stderr } = await SockbenchCommand.run('serve', '--model', model.name, '--port', String(port));
    taken.close();
    expect(stderr).toContain('EADDRINUSE');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

import { execFileSync } from 'node:child_process';
import { describeError, SockbenchError } from '../errors/sockbench-error.ts';

/** A Node that servers are started with. */
export interface NodeBinary {
  /** "v24.1.0" */
  version: string;
  path: string;
}

const WHO = `process.version + ' ' + process.execPath`;

/**
 * @param wanted a version such as "24", which npx fetches from the npm registry unless it has it, or the path of a binary
 * @throws SockbenchError E_NODE
 */
export function nodeBinary(wanted: string): NodeBinary {
  const [program = wanted, ...args] = /^\d+(\.\d+)*$/.test(wanted) ? ['npx', '--yes', `node@${wanted}`] : [wanted];
  try {
    const told = execFileSync(program, [...args, '-p', WHO], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const [, version = '', path = ''] = /^(v\S+) (.+)$/m.exec(told) ?? [];
    if (path !== '') return { version, path };
    throw new Error(`it says ${JSON.stringify(told.slice(0, 80))}`);
  } catch (cause) {
    throw new SockbenchError(
      'E_NODE',
      `--node: expected a version or the path of a Node binary, got ${wanted}: ${describeError(cause)}`,
      {
        remedy: '--node 22,24, or --node /opt/node-24/bin/node',
        cause,
      },
    );
  }
}

// Starts a server as the bench does, passes on what that prints, and waits to be killed: `node doomed-starter.js SPEC`.
// Given `at-once` as well, it doesn't wait: it prints the server's pid and kills itself.
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { starterEnvironment } from '../../posix/lifetime.ts';

const [spec = '{}', when] = process.argv.slice(2);
const entry = fileURLToPath(new URL('../../servers/main.js', import.meta.url));
const server = spawn(process.execPath, [entry, spec], {
  env: { ...process.env, ...starterEnvironment() },
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
if (when === 'at-once') {
  writeSync(1, `${JSON.stringify({ pid: server.pid })}\n`);
  process.kill(process.pid, 'SIGKILL');
}

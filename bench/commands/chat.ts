import type { Command } from 'commander';
import { SockbenchError } from '../../errors/sockbench-error.ts';
import { serve } from '../../servers/serve.ts';
import { serviceDefaults } from '../../servers/service.ts';
import { converse } from '../chat-client.ts';
import { hostAndPort, portNumber } from './option-values.ts';
import { startFailure } from './serve.ts';

interface ChatFlags {
  serve?: true;
  connect?: { host: string; port: number };
  name?: string;
  model: string;
  host: string;
  port: number;
}

export function addChatCommand(program: Command): void {
  program
    .command('chat')
    .description('a chat in terminals: --serve in one, --connect HOST:PORT --name NAME (or nc HOST PORT) in others')
    .option('--serve', 'run the server')
    .option('--connect <address>', 'HOST:PORT of a chat server', hostAndPort)
    .option('--name <name>', 'the name you speak under')
    .option('--model <name>', 'concurrency model behind the chat, see `sockbench list`', serviceDefaults.model)
    .option('--host <address>', 'address to bind to', serviceDefaults.host)
    .option('--port <number>', 'port to listen on; 0 is any free one', portNumber('--port'), serviceDefaults.port)
    .action(async (flags: ChatFlags) => {
      if (flags.serve) process.exitCode = await serveChat(flags);
      else if (flags.connect && flags.name) process.exitCode = await converse(flags.connect, flags.name);
      else {
        throw new SockbenchError('E_OPTION', 'expected --serve, or --connect HOST:PORT with --name NAME, got neither', {
          remedy: 'sockbench chat --serve',
        });
      }
      process.exit();
    });
}

function serveChat({ model, host, port }: ChatFlags): Promise<number> {
  return serve({ ...serviceDefaults, app: 'chat', model, host, port }, (ready) => {
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    const address = `${ready.host}:${ready.port}`;
    process.stderr.write(`Join with: npm run chat -- --connect ${address} --name YOU   or: nc ${ready.host} ${ready.port}\n`);
  }).catch((error: unknown) => {
    throw startFailure(error);
  });
}

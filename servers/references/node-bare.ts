import { fileURLToPath } from 'node:url';
import { defineReference } from '../reference.ts';

export default defineReference({
  name: 'node-bare',
  summary: 'node:net in ten lines: no framing, no app, no limits',
  async prepare() {
    const program = fileURLToPath(new URL(`./programs/bare-net${import.meta.url.slice(-3)}`, import.meta.url));
    return { state: 'ready', command: [process.execPath, program] };
  },
});

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TCP_LISTEN = '0A';

/**
 * Where any of the processes listens for TCP connections, as /proc/net/tcp and their descriptors say (Linux).
 * @returns the lowest port, with a host that reaches it from here; undefined when none listens
 */
export function listeningPort(pids: readonly number[]): { host: string; port: number } | undefined {
  const inodes = new Set(pids.flatMap(socketInodes));
  if (inodes.size === 0) return undefined;
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(listeners).filter(({ inode }) => inodes.has(inode));
  const [first] = sockets.toSorted((a, b) => a.port - b.port);
  return first && { host: first.host, port: first.port };
}

/** "12345" of each descriptor that is "socket:[12345]". */
function socketInodes(pid: number): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1] ?? []);
  } catch {
    return []; // it ended meanwhile
  }
}

function listeners(table: string): { host: string; port: number; inode: string }[] {
  let text: string;
  try {
    text = readFileSync(table, 'utf8');
  } catch {
    return []; // no IPv6 here
  }
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === TCP_LISTEN)
    .map((fields) => {
      const [address = '', port = ''] = fields[1]!.split(':');
      return { host: reachable(address), port: parseInt(port, 16), inode: fields[9]! };
    });
}

/** The kernel prints addresses as hexadecimal words in host order; all zeros means every address. */
function reachable(address: string): string {
  const v4 = Buffer.from(address, 'hex').toReversed().join('.');
  if (address.length === 8) return /^0+$/.test(address) ? '127.0.0.1' : v4;
  return /^0+$/.test(address) || address.startsWith('0000000000000000FFFF0000') ? '127.0.0.1' : '::1';
}

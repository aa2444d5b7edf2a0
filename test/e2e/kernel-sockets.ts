import { readFileSync } from 'node:fs';

const ESTABLISHED = '01';
const LISTEN = '0A';

/** Bytes that the kernel of the connection's receiver has not acknowledged, by the ports of the sending end. */
export function unacknowledgedBytes(localPort: number, remotePort: number): number {
  const [, , , , queues = '0:0'] = rowOf(localPort, remotePort) ?? [];
  return parseInt(queues.split(':', 1).join(), 16);
}

/** Whether the process at the local end holds the connection and has not ended its side. */
export function isEstablished(localPort: number, remotePort: number): boolean {
  const [, , , state] = rowOf(localPort, remotePort) ?? [];
  return state === ESTABLISHED;
}

/** How many sockets listen at the IPv4 address. */
export function listeningSockets({ host, port }: { host: string; port: number }): number {
  const address = Buffer.from(host.split('.').map(Number).toReversed()).toString('hex').toUpperCase();
  return rows().filter(([, local, , state]) => local === address + portInRow(port) && state === LISTEN).length;
}

function rowOf(localPort: number, remotePort: number): string[] | undefined {
  return rows().find(([, local, remote]) => local?.endsWith(portInRow(localPort)) && remote?.endsWith(portInRow(remotePort)));
}

/** The fields of each IPv4 socket in proc_net_tcp(5): number, local, remote, state, transmit:receive queue, … */
function rows(): string[][] {
  return readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

function portInRow(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

import { readFileSync } from 'node:fs';

const ESTABLISHED = '01';

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

/** The fields of an IPv4 connection's row in proc_net_tcp(5): number, local, remote, state, transmit:receive queue, … */
function rowOf(localPort: number, remotePort: number): string[] | undefined {
  return readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local?.endsWith(portInRow(localPort)) && remote?.endsWith(portInRow(remotePort)));
}

function portInRow(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

import { isIPv6 } from 'node:net';

const AF_INET = 2;
const AF_INET6 = 10;

export interface Address {
  host: string;
  port: number;
}

/** AF_INET or AF_INET6. */
export function family(host: string): number {
  return isIPv6(host) ? AF_INET6 : AF_INET;
}

/** `struct sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)) for a numeric host. */
export function encodeAddress(host: string, port: number): Buffer {
  const address = Buffer.alloc(isIPv6(host) ? 28 : 16);
  new Uint16Array(address.buffer, address.byteOffset, 1)[0] = family(host);
  address.writeUInt16BE(port, 2);
  if (!isIPv6(host)) {
    address.set(host.split('.').map(Number), 4);
    return address;
  }
  const [head = '', tail] = host.split('::');
  const missing = tail === undefined ? 0 : 8 - words(head).length - words(tail).length;
  const groups = [...words(head), ...Array<string>(missing).fill('0'), ...words(tail ?? '')];
  groups.forEach((group, index) => address.writeUInt16BE(parseInt(group, 16), 8 + 2 * index));
  return address;
}

const words = (text: string): string[] => text.split(':').filter(Boolean);

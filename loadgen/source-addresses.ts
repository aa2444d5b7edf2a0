/**
 * A connection that is closed keeps its port for a minute (TIME_WAIT), and an address has 28,000 of them towards one server
 * by default: with so many addresses, 30,000 connections a second can come and go for ever.
 */
const ADDRESSES = 64;

/** From which own address each next connection to this host is to come, in turn; undefined where the kernel has to choose. */
export function sourceAddresses(host: string, platform = process.platform): () => string | undefined {
  // On Linux the whole of 127.0.0.0/8 is this machine.
  if (platform !== 'linux' || !host.startsWith('127.')) return () => undefined;
  let connections = 0;
  return () => {
    connections += 1;
    return `127.0.0.${1 + ((connections - 1) % ADDRESSES)}`;
  };
}

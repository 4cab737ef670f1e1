const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/** Whether a host is this machine, on which there is no network to protect: its loopback, or the folder of a unix socket. */
export const isLocal = (host: string): boolean => host.startsWith('/') || LOOPBACK.has(host);

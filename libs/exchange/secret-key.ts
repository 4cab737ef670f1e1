import type { ValueFault } from '#platform/setting-kinds';

/** Thirty-two octets in hexadecimal on one line. */
const KEY = /^[0-9a-f]{64}$/;

/** What is wrong with a file that should hold such a key. */
export const keyFaults = (text: string): ValueFault[] => (KEY.test(text.trim()) ? [] : [{ says: 'it holds no key of 32 octets', fix: 'Make one: openssl rand -hex 32' }]);

export const keyIn = (text: string): Buffer => Buffer.from(text.trim(), 'hex');

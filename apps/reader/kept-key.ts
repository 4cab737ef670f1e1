import { stored } from './storage';

// The team's key as it lies in this browser: locked, as the file is. Its passphrase is nowhere.

const NAME = 'own';

export const keptKey = async (): Promise<Uint8Array | undefined> => ((await stored('keys', 'readonly', (keys) => keys.get(NAME)).catch(() => undefined)) as Uint8Array | undefined) ?? undefined;
export const keepKey = (locked: Uint8Array): Promise<unknown> => stored('keys', 'readwrite', (keys) => keys.put(locked, NAME));
export const forgetKey = (): Promise<unknown> => stored('keys', 'readwrite', (keys) => keys.delete(NAME));

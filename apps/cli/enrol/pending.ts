import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../io';
import { replace, type SmimeFiles } from '../home';

const FORMAT = 'waybill-pending/1';
const FILE = 'pending.json';

/** Keys that were made and are not in use yet. Files lie in the home. */
export interface Pending {
  agency: string;
  gateway: string;
  /** `certificate`: one that another authority issued; absent, ours is to issue one. */
  client?: { key: string; certificate?: string };
  contacts: { contact: string; key: string; certificate: string; fingerprint: string }[];
  /** `uses`: for what each certificate was issued. */
  smime?: { contact: string; key: string; certificate: string; fingerprint: string; uses: ('seal' | 'sign')[] }[];
  passphraseFile?: string;
}

/** What opens parts sealed with S/MIME, and what signs them: the first that may. */
export const openingOf = ({ smime = [] }: Pending): SmimeFiles[] => smime.filter(({ uses }) => uses.includes('seal')).map(filesOf);
export const signingOf = ({ smime = [] }: Pending, own: string): SmimeFiles | undefined => smime.filter(({ contact, uses }) => contact === own && uses.includes('sign')).map(filesOf)[0];

const filesOf = ({ certificate, key }: SmimeFiles): SmimeFiles => ({ certificate, key });

export const isPending = (home: string): boolean => existsSync(join(home, FILE));

export function keepPending(home: string, pending: Pending): void {
  replace(join(home, FILE), JSON.stringify({ format: FORMAT, ...pending }, undefined, 2));
}

/** @throws UsageError when nothing is */
export function readPending(home: string): Pending {
  if (!isPending(home)) throw new UsageError([`nothing waits in ${home} to be finished`], 'Begin with waybill enrol begin, or waybill enrol rotate.');
  const { format, ...pending } = JSON.parse(readFileSync(join(home, FILE), 'utf8')) as Pending & { format: string };
  if (format !== FORMAT) throw new UsageError([`${join(home, FILE)} is not one of this version`], 'Move it away and begin again.');
  return pending;
}

export const forgetPending = (home: string): void => rmSync(join(home, FILE), { force: true });

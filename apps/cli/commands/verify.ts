import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ClientRefusal } from '#client/codes';
import { verifyReceipt } from '#client/receipt';
import { proveEntry } from '#client/register';
import { verifyProvenance } from '#envelope/provenance';
import type { Receipt } from '#protocol/answers';
import { INCLUSION_FORMAT, verifyInclusionFile } from '#register/evidence';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import type { Home } from '../home';
import { UsageError } from '../io';

type Options = Common & { offline?: boolean };

/** `waybill verify`: a receipt, a provenance or a proof, with the keys that were pinned. */
export const verifyCommand = (setting: Setting): Command =>
  atHome('verify', 'Verify a receipt, a provenance or a proof with the keys that you pinned.', 'waybill verify receipt.json\nwaybill verify referral/provenance.jws --offline')
    .argument('<file>', 'receipt.json, provenance.jws, or a proof (JSON)')
    .option('--offline', 'do not ask the gateway to prove that a receipt’s entry stands in the register')
    .action((file: string, options: Options) => runningAtHome(setting, options, (home) => verifying(home, read(resolve(setting.io.cwd, file)), options)));

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new UsageError([`${path} is not there`], 'Name a receipt, a provenance or a proof.');
  }
}

async function verifying(home: Home, text: string, options: Options): Promise<Result> {
  const { partner } = home;
  if (/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text)) {
    const verdict = await verifyProvenance(text, partner.pins.keys);
    if (!verdict.ok) throw new ClientRefusal('PROVENANCE_NOT_TRUSTED', { because: verdict.code });
    const { claims } = verdict;
    return { ending: 'done', data: { kind: 'provenance', kid: verdict.kid, claims }, text: `Good: share ${claims.share}, from ${claims.originator.agency} to ${claims.recipient.agency}/${claims.recipient.contact}, ${claims.created}; entry ${claims.entry.leaf} in ${claims.entry.log}.` };
  }
  const value = parsed(text);
  if (value['format'] === INCLUSION_FORMAT) {
    const verdict = verifyInclusionFile(value, [...partner.pins.logKeys]);
    if (!verdict.ok) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: verdict.fault });
    return { ending: 'done', data: { kind: 'proof', leaf: verdict.leaf.toString('hex'), log: verdict.checkpoint.origin, size: verdict.checkpoint.size }, text: `Good: the entry stands in ${verdict.checkpoint.origin}, of ${verdict.checkpoint.size} entries.` };
  }
  const receipt = await verifyReceipt(value as unknown as Receipt, {}, partner.pins);
  const { entry, leaf, log } = receipt.register;
  const proof = options.offline ? undefined : await proveEntry(partner, { entry, leaf });
  return {
    ending: 'done',
    data: { kind: 'receipt', share: receipt.share, log, leaf, ...(proof ? { proof } : {}) },
    text: `Good: the gateway accepted share ${receipt.share} at ${receipt.acceptedAt} and ${proof ? `entry ${proof.index} of ${log} records it` : `promised an entry in ${log}`}.`,
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new UsageError(['the file is neither a receipt nor a provenance nor a proof'], 'A register export is verified with waybill register verify.');
}

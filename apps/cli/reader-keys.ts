import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { custody, stateCustody } from '#client/custody';
import { lockReaderKey, READER_KEY_FORMAT, type KeyKept, type ReaderKey, unlockedKey } from '#client/reader-key';
import { newPassphrase } from '#envelope/passphrase';
import { FEWEST_CUSTODIANS, GIVEN_BECAUSE, type GivenBecause, TAKEN_BECAUSE, type TakenBecause } from '#policy/custody';
import type { CustodyTold } from '#protocol/custody-answers';
import type { Result } from './ending';
import { rotate } from './enrol/begin';
import { isPending } from './enrol/pending';
import { named as octetsOf, passphraseIn } from './files';
import { type Home, passphraseOf } from './home';
import { type Io, UsageError } from './io';

// A team's key: a file for each of who may open, each under words of its own, and one that is kept offline. Who holds one is on record by id; no key ever is.

/** For whom a file is. */
export interface Holder {
  /** Id of a member of staff. */
  for?: string;
  recovery?: boolean;
}

/** Makes a file for one holder, and has it on record. */
export async function give(io: Io, home: Home, path: string, holder: Holder, because: GivenBecause): Promise<Result> {
  return written(io, home, path, { key: keysOf(home), holder, because });
}

/** Makes a file for one holder from the recovery key: also where this home is a new one, whose own keys do not open what came before. */
export async function recover(io: Io, home: Home, path: string, { from, passphraseFile, ...holder }: Holder & { from: string; passphraseFile: string }): Promise<Result> {
  const kept = await unlockedKey(octetsOf(io, from, 'the recovery key'), (passphraseIn(io, passphraseFile) ?? '').trim());
  const own = keysOf(home);
  if (kept.agency !== own.agency || kept.contact !== own.contact) throw new UsageError([`${from} is of ${kept.agency}/${kept.contact}, the home of ${own.agency}/${own.contact}`], 'Take the recovery key of this mailbox.');
  const opening = [...own.opening, ...kept.opening.filter(({ octets }) => own.opening.every((each) => each.octets !== octets))];
  return written(io, home, path, { key: { ...own, opening }, holder, because: 'recovered' });
}

/** Somebody has it no more. What follows is said, with why; where that is a new key it is made beside the old one. */
export async function take(io: Io, home: Home, holder: Holder, because: TakenBecause): Promise<Result> {
  const { contact } = home.partner;
  const before = await mailboxOf(home);
  if (!before) throw new UsageError([`nobody is on record as holding a key of ${contact}`], 'Look who holds what: waybill reader custody.');
  const stands = await stateCustody(home.partner, { contact, ...named(holder), kind: 'taken', because });
  const { follows, says } = TAKEN_BECAUSE[because];
  const renewed = follows === 'new-key' && !isPending(home.folder) ? await rotate(io, { home: home.folder, contact: [contact] }) : undefined;
  const next = follows !== 'new-key' ? [] : [...(renewed ? [renewed.text] : ['Keys wait in this home already.']), REVOKE_OLD];
  return {
    ending: 'done', data: { contact, ...named(holder), because, follows, why: says, stands, ...(renewed && { rotation: renewed.data }) },
    text: [`On record, signed: ${holder.for ?? 'the recovery key'} opens the mailbox of ${contact} no more. ${FOLLOWS[follows]}: ${says}.`, ...next, standing(stands)].join('\n'),
  };
}

/** Who can open each mailbox, and what one lacks. */
export async function showCustody(home: Home): Promise<Result> {
  const all = await custody(home.partner);
  return { ending: 'done', data: { items: all }, text: all.length === 0 ? 'No team of yours reads in the browser.' : all.map((each) => [`${each.contact}  ${each.keys.length === 1 ? 'key' : 'keys'} ${each.keys.join(', ')}`, ...each.holders.map(({ staff, keys, since, because, there }) => `  ${staff ?? 'recovery key, offline'}  since ${since}, ${because}${keys.length < each.keys.length ? `  has ${keys.join(', ')} alone` : ''}${there ? '' : '  WORKS THERE NO MORE'}`), `  ${standing(each)}`].join('\n')).join('\n') };
}

/** In this order: revoked first, nobody could open what comes; not revoked at all, others go on sealing to both. */
const REVOKE_OLD = 'Once they are bound (waybill enrol finish): a file for each of who may open, and a new recovery key. Then have the operator revoke the old key: until then others seal to both.';

const FOLLOWS = { nothing: 'Nothing follows', 're-wrap': 'The same keys are wrapped anew', 'new-key': 'A new key takes its place' } as const;

const LACKS = { 'second-custodian': `fewer than ${FEWEST_CUSTODIANS} people can open it`, recovery: 'no recovery key is on record', 'new-key': 'somebody has the key who should not: the team needs a new one' } as const;

const standing = ({ contact, people, lacks }: CustodyTold): string => (lacks.length === 0 ? `${people} people can open the mailbox of ${contact}, and a recovery key is kept.` : `The mailbox of ${contact}: ${lacks.map((lack) => LACKS[lack]).join('; ')}. It is a duty until it is mended.`);

const named = (holder: Holder): { staff?: string } => (holder.for === undefined ? {} : { staff: holder.for });

/** Our own mailbox as the gateway has it: none where no staff of ours reads in the console's reader. */
const mailboxOf = async ({ partner }: Home): Promise<CustodyTold | undefined> => (await custody(partner)).find(({ contact }) => contact === partner.contact);

function keysOf({ folder, file, partner }: Home): ReaderKey {
  const own = passphraseOf(folder, file);
  const kept = (name: string): KeyKept => ({ octets: readFileSync(join(folder, name)).toString('base64'), ...(own === undefined ? {} : { passphrase: own }) });
  return { format: READER_KEY_FORMAT, agency: partner.agency, contact: partner.contact, pins: partner.pins.toFile(), signing: kept(file.signingKey), opening: file.openingKeys.map(kept) };
}

/** On record first: a file of which nobody knows would be worse than a record without a file, which the same command makes good. */
async function written(io: Io, home: Home, file: string, { key, holder, because }: { key: ReaderKey; holder: Holder; because: GivenBecause }): Promise<Result> {
  const path = resolve(io.cwd, file);
  if (existsSync(path)) throw new UsageError([`${path} is there already`], 'Choose another name.');
  const stands = holder.for === undefined && !holder.recovery ? undefined : await recorded(home, holder, because);
  const passphrase = newPassphrase();
  writeFileSync(path, await lockReaderKey(key, passphrase), { mode: 0o600, flag: 'wx' });
  const { agency, contact } = key;
  const { follows, says } = GIVEN_BECAUSE[because];
  const next = holder.recovery ? 'Keep file and words offline, each in another place, where two people of the agency find them.'
    : holder.for !== undefined ? `Give file and words to ${holder.for}, each by another way, and to nobody else.`
    : 'Give file and passphrase to whoever may open shares, each by another way. Nobody is on record as holding it: name whoever it is for (--for), at least two people of a team, and keep one offline (--recovery).';
  return {
    ending: 'done', data: { file: path, agency, contact, ...named(holder), ...(holder.recovery && { recovery: true }), because, follows, passphrase, ...(stands && { stands }) },
    text: [`${path} holds the keys of ${agency}/${contact}, locked.`, ...(follows === 're-wrap' ? [`${FOLLOWS[follows]}: ${says}.`] : []), `Its passphrase, shown this once: ${passphrase}`, next, ...(stands ? [standing(stands)] : [])].join('\n'),
  };
}

async function recorded(home: Home, holder: Holder, because: GivenBecause): Promise<CustodyTold> {
  const { partner } = home;
  const mailbox = await mailboxOf(home);
  if (!mailbox) throw new UsageError([`no staff of ${partner.agency} works for ${partner.contact}`], 'Have them entered by the operator (waybill staff enter); without --for a file is made and nobody is on record.');
  const keys = mailbox.keys.filter((key) => partner.openingKeys.some(({ fingerprint }) => fingerprint === key));
  if (keys.length === 0) throw new UsageError([`this home holds no key to which others seal for ${partner.contact}`], 'Use the home that holds it, or finish the rotation that was begun.');
  return stateCustody(partner, { contact: partner.contact, keys, ...named(holder), kind: 'given', because });
}

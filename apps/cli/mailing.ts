import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import type { ShareDescription } from '#client/description';
import { type DisclosureDescription, planDisclosure, recordDisclosure } from '#client/disclosing';
import { uuid7 } from '#client/ids';
import type { OctetsFile } from '#client/octets-file';
import { itemsOf } from '#client/pages';
import { type MailAddress, readAddress, writtenAddress } from '#mail/address';
import { type Delivery, type MailEvidence, Mailer } from '#mail/delivery';
import type { HeldPolicy, PolicyStore } from '#mail/domain';
import { MAIL_FAULTS } from '#mail/faults';
import { openMail, type Piece } from '#mail/message';
import { isHost } from '#mail/sts';
import type { MailSeen } from '#protocol/disclosure';
import { addressed } from '#protocol/line';
import type { AgencyTold } from '#protocol/published';
import { emergency, sayEmergency } from './emergency';
import { type Result, StoppedInEmergency } from './ending';
import { keepPrivate, readText } from './files';
import { type Home, replace } from './home';
import { type Io, UsageError } from './io';
import { mailTools, type MailTools } from './mail-tools';
import { describeShare, parseShare } from './share-file';
import { reasonLines } from './telling';
import { KNOWN_CODES } from './vocabulary';

// Mail from the sender's own premises, between domains that hold TLS (CH-01, CH-02): what is in it no gateway sees. Decided before, and on record after.

export interface MailingOptions extends MailTools {
  dryRun?: boolean;
  json?: boolean;
  relay?: string;
}

/** Policies that domains published, where the next mail finds them. */
class KeptPolicies implements PolicyStore {
  private readonly file: string;

  constructor(home: Home) {
    this.file = join(home.folder, 'mta-sts.json');
  }

  get(domain: string): Promise<HeldPolicy | undefined> {
    const held = this.all()[domain];
    return Promise.resolve(held && { ...held, fetchedAt: new Date(held.fetchedAt) });
  }

  put(domain: string, held: HeldPolicy): Promise<void> {
    replace(this.file, JSON.stringify({ ...this.all(), [domain]: held }));
    return Promise.resolve();
  }

  private all(): Record<string, HeldPolicy> {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as Record<string, HeldPolicy>) : {};
  }
}

/** Asks, mails, records. Nothing leaves that the agreement does not let go this way; what left is on record, or kept until it is. */
export async function mailing(io: Io, home: Home, file: string, options: MailingOptions, mailer: Pick<Mailer, 'deliver'> = mailerOf(io, home, options)): Promise<Result> {
  const path = resolve(io.cwd, file);
  const share = describeShare(parseShare(readText(path, 'Name a share file.')), dirname(path), home.file);
  const known = emergency(home.partner.pins.frontDoors);
  if (share.urgency === 'emergency' && !options.json) sayEmergency(io, known);
  try {
    return await mailed(io, home, share, options, mailer);
  } catch (error) {
    throw share.urgency === 'emergency' ? new StoppedInEmergency(error, known) : error;
  }
}

async function mailed(io: Io, home: Home, share: ShareDescription, options: MailingOptions, mailer: Pick<Mailer, 'deliver'>): Promise<Result> {
  const described = withoutOctets(share, io.now());
  const { answer } = await planDisclosure(home.partner, described, { knownCodes: KNOWN_CODES });
  const against = [...answer.reasons, ...answer.lines.flatMap(({ permitted, reasons }) => (permitted ? [] : reasons))];
  if (against.length > 0) return { ending: 'refused', data: { outcome: answer.outcome, reasons: against }, text: ['Nothing was mailed.', ...against.flatMap(reasonLines)].join('\n') };
  const { from, to, hosts } = await addressesOf(home, share);
  if (options.dryRun) return { ending: 'done', data: { dryRun: true, to: writtenAddress(to) }, text: `Would be mailed to ${writtenAddress(to)}. Nothing was, and nothing was recorded.` };

  const reference = uuid7(io.now());
  const octets = openMail({
    from, to, transfer: reference, classification: share.classification ?? 'OFFICIAL-SENSITIVE', agreement: share.agreement.id, urgency: share.urgency, at: io.now(), gateway: from.domain,
  }, share.parts.map(pieceOf));
  const delivery = await mailer.deliver({ from: writtenAddress(from), to: writtenAddress(to), octets, recorded: hosts, ...(options.relay === undefined ? {} : { relay: options.relay }) });
  if (delivery.outcome !== 'sent') return notMailed(delivery, reference);
  return record(io, home, { ...described, route: { by: 'tls-domain', at: io.now().toISOString(), mail: seen(delivery.evidence, options) } }, reference);
}

/** Records what was mailed. Until it is on record it is kept, with all that the record needs. */
async function record(io: Io, home: Home, described: DisclosureDescription, reference: string): Promise<Result> {
  const kept = join(home.folder, 'mailed');
  keepPrivate(kept, { [`${reference}.json`]: JSON.stringify(described) });
  try {
    const { receipt, statement, signature } = await recordDisclosure(home.partner, described, { knownCodes: KNOWN_CODES });
    keepPrivate(home.disclosed(receipt.disclosure), { 'disclosure.json': statement, 'disclosure.sig': signature, 'receipt.json': JSON.stringify(receipt, undefined, 2) });
    rmSync(join(kept, `${reference}.json`));
    home.partner.pins.rememberFrontDoors(receipt.emergency);
    home.keep();
    return {
      ending: 'done', data: { reference, disclosure: receipt.disclosure, receipt },
      text: [`Mailed, reference ${reference}, and recorded ${receipt.recordedAt}. Disclosure ${receipt.disclosure}`, ...receipt.warnings.map(({ says, next }) => `Warning: ${says} ${next}`), 'That a mail host took it is no acknowledgement: ask the recipient whether it has it.'].join('\n'),
    };
  } catch (error) {
    io.err(`It was mailed, and is NOT on record yet. Record it: waybill mail record ${reference}\n`);
    throw error;
  }
}

/** Records what was mailed before and could not be recorded then. */
export async function recordMailed(io: Io, home: Home, reference: string): Promise<Result> {
  const file = join(home.folder, 'mailed', `${reference}.json`);
  if (!/^[0-9a-f-]{36}$/.test(reference) || !existsSync(file)) throw new UsageError(['nothing that was mailed waits for its record under this reference'], `Look into ${join(home.folder, 'mailed')}.`);
  return record(io, home, JSON.parse(readFileSync(file, 'utf8')) as DisclosureDescription, reference);
}

function notMailed({ outcome, fault, mayHaveArrived }: Exclude<Delivery, { outcome: 'sent' }>, reference: string): Result {
  const text = [`NOT mailed: ${MAIL_FAULTS[fault].says}.`, outcome === 'temporary' ? 'Try again later, or ring the recipient. Nothing was recorded.' : 'Share it in another way, or ask the co-ordinator to have the domain mended. Nothing was recorded.',
    ...(mayHaveArrived ? ['The connection broke at the very end: it may have arrived all the same. Ask the recipient for the reference.'] : [])];
  return { ending: outcome === 'temporary' ? 'waits' : 'refused', data: { fault, outcome, reference, ...(mayHaveArrived ? { mayHaveArrived } : {}) }, text: text.join('\n') };
}

function withoutOctets({ parts, alsoTold: _alsoTold, onStrikeOff: _onStrikeOff, ...share }: ShareDescription, at: Date): DisclosureDescription {
  if (share.recipients.length !== 1) throw new UsageError(['a mail goes to one recipient'], 'Name one under recipients; mail the others by themselves.');
  if (share.decision?.words) throw new UsageError(['decision.words: nothing is sealed to anybody else in a mail'], 'Leave words out; keep them with waybill disclose or waybill decide.');
  return { share: { ...share, parts: parts.map(({ octets: _octets, ...part }) => part) }, route: { by: 'tls-domain', at: at.toISOString() } };
}

/** Whom it is from, to whom, and which hosts the co-ordinator recorded: as the directory has it, and as nobody types it. */
async function addressesOf(home: Home, { recipients, sender }: ShareDescription): Promise<{ from: MailAddress; to: MailAddress; hosts: readonly string[] }> {
  const recipient = (recipients[0] as ShareDescription['recipients'][number]);
  const wanted = { agency: recipient.agency, contact: recipient.contact };
  const found = new Map<string, AgencyTold>();
  for await (const agency of itemsOf<AgencyTold>(home.partner, '/v1/directory/agencies')) if (agency.agency === wanted.agency || agency.agency === sender.agency) found.set(agency.agency, agency);
  const address = (of: { agency: string; contact: string }): MailAddress => {
    const text = found.get(of.agency)?.contacts.find((each) => each.contact === of.contact)?.email;
    const read = readAddress(text ?? '');
    if (!read.ok) throw new UsageError([`the directory has no mail address for ${addressed(of)}`], 'Ask the co-ordinator to enter it.');
    return read.address;
  };
  const to = address(wanted);
  return { from: address({ agency: sender.agency, contact: sender.contact }), to, hosts: found.get(wanted.agency)?.mailDomains.find(({ domain }) => domain === to.domain)?.hosts ?? [] };
}

/** A part under a name that tells nothing: of its file only the kind is kept. */
function pieceOf({ octets }: ShareDescription['parts'][number], i: number): Piece {
  const file = octets instanceof Uint8Array ? undefined : (octets as OctetsFile);
  const kind = file ? extname(file.path).slice(1).toLowerCase() : 'txt';
  return { name: `part-${i + 1}.${/^[a-z0-9]{1,8}$/.test(kind) ? kind : 'bin'}`, type: 'application/octet-stream', octets: file ? readFileSync(file.path) : (octets as Uint8Array) };
}

const seen = ({ version, cipher, certificate, proofs, policyId }: MailEvidence, { relay }: MailingOptions): MailSeen => ({
  version: version === 'TLSv1.3' ? 'tls-1.3' : 'tls-1.2', cipher: cipher.toLowerCase().replaceAll('_', '-'), certificate, proofs: relay === undefined ? [...proofs] : ['relay'], ...(policyId ? { policy: policyId } : {}),
});

function mailerOf(io: Io, home: Home, { relay, ...tools }: MailingOptions): Mailer {
  if (relay !== undefined && !isHost(relay)) throw new UsageError(['--relay is no host name'], 'Give the name of your own relay, like smtp.agency.example.');
  return new Mailer({ ...mailTools(io, tools), policies: new KeptPolicies(home) });
}

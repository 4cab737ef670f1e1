import { resolve } from 'node:path';
import { readParties } from '#directory/parties-file';
import type { PartyFile } from '#directory/party-file';
import { membershipTold } from '#directory/directory';
import { ContactRow, MailDomainRow, MembershipRow } from '#directory/rows';
import { readOutsideCertificate } from '#envelope/certificate-request';
import { EnrolmentRefusal } from '#enrolment/codes';
import { readApproval } from '#enrolment/approval';
import { grouped } from '#enrolment/fingerprint';
import { readAddress } from '#mail/address';
import { readAgreements } from '#partnership/agreements';
import type { Fault } from '#protocol/read';
import type { Result } from '../ending';
import { fits } from '#register/entry-formats';
import { certificateWith, named, namedText } from '../files';
import { type Io, UsageError } from '../io';
import { domainLine, domainTold } from './domains';
import { type Opened, withDirectory } from './opened';

// What an operator writes into the directory. Each change stands in the agency's own register, with the day and without a name.

const done = (data: object, ...says: string[]): Result => ({ ending: 'done', data, text: says.join('\n') });

export async function pinCoordinator(io: Io, file: string, typed: string): Promise<Result> {
  const certificate = await certificateWith(named(io, file, 'the co-ordinator’s certificate'), typed);
  await withDirectory(io, ({ registrar }) => registrar.pinCoordinator(certificate.octets));
  return done({ fingerprint: certificate.fingerprint }, `From now on ${grouped(certificate.fingerprint)} vouches for every key.`);
}

function partiesIn(io: Io, file: string): PartyFile[] {
  const reading = readParties(namedText(io, file, 'the party’s file (YAML)'));
  if (!reading.ok) throw notAParty(file, reading.faults);
  const wrong = reading.parties.flatMap(({ agency, contacts }) => contacts.flatMap(({ contact, email }) => (email === undefined || readAddress(email).ok ? [] : [`${agency}/${contact}`])));
  if (wrong.length > 0) throw new UsageError(wrong.map((which) => `${which} has a mail address that we do not send to`), 'Write it plain, in ASCII, without a name or brackets: front-door@merebrook.example.');
  const nowhere = reading.parties.flatMap(({ agency, contacts }) => contacts.flatMap(({ contact, collects, email }) => (collects === false && email === undefined ? [`${agency}/${contact}`] : [])));
  if (nowhere.length > 0) throw new UsageError(nowhere.map((which) => `nobody collects for ${which} and it has no mail address`), 'Give it an address under email, or leave out collects.');
  return reading.parties;
}

/** The party of a file, or the one of many that is named. */
function partyIn(io: Io, file: string, agency: string | undefined): PartyFile {
  const found = partiesIn(io, file).filter((party) => agency === undefined || party.agency === agency);
  const [party] = found;
  if (!party) throw new UsageError([`${file} names no ${agency ?? 'organisation'}`], 'Look at the file for its id.');
  if (found.length > 1) throw new UsageError([`${file} names ${found.length} organisations`], 'Say which: --agency.');
  return party;
}

const notAParty = (file: string, faults: readonly Fault[]): UsageError =>
  new UsageError(faults.map(({ pointer, says }) => `${file}: ${pointer || '/'} ${says}`), 'docs/enrolment.md shows such a file.');

/** Enters an organisation and its contacts, or all that an agreement names. Again, it adds contacts that are new, and what was looked into of the others. */
export async function enter(io: Io, file: string): Promise<Result> {
  const parties = partiesIn(io, file);
  return withDirectory(io, async (opened) => {
    const entered = [];
    for (const party of parties) entered.push(await enterOne(opened, party));
    const [first] = entered;
    const says = entered.flatMap(({ agency, admitted, added, checked = [], kept }) => [`${agency} is ${admitted ? 'entered' : 'there'}.`, ...added.map((contact) => `  added ${contact}`), ...checked.map((contact) => `  ${contact} is checked as the file says`), ...kept.map((contact) => `  ${contact} stays as it was`)]);
    return done(first && entered.length === 1 ? first : { entered }, ...says);
  });
}

interface Entered {
  agency: string;
  admitted: boolean;
  added: string[];
  /** There before, with what the file says of a check that the directory did not have. */
  checked?: string[];
  kept: string[];
}

/** What the file says was looked into, where the directory has it otherwise. */
const news = (contact: PartyFile['contacts'][number], row: ContactRow): boolean =>
  [[contact.verifiedOn, row.verified_on], [contact.cjsm, row.cjsm], [contact.approvedOn, row.approved_on], [contact.collects, row.collects]].some(([told, known]) => told !== undefined && told !== known);

async function enterOne({ registrar, database, agency }: Opened, party: PartyFile): Promise<Entered> {
  const known = await agency(party.agency).catch(() => undefined);
  if (known && (known.name !== party.name || known.controller !== party.controller.id)) throw new UsageError([`${party.agency} is in the directory under another name or controller`], 'An organisation that became another is entered as another.');
  const { contacts: _contacts, memberships: _memberships, format: _format, ...organisation } = party;
  const id = organisation.agency;
  if (!known) await registrar.admit(organisation);
  const there = new Map((await database.source.manager.findBy(ContactRow, { agency: id })).map((row) => [row.id, row]));
  const added = party.contacts.filter(({ contact }) => !there.has(contact));
  for (const contact of added) await registrar.addContact(id, contact);
  const checked = party.contacts.flatMap((contact) => {
    const row = there.get(contact.contact);
    return row && news(contact, row) ? [contact] : [];
  });
  for (const contact of checked) await registrar.checkContact(id, contact);
  const names = checked.map(({ contact }) => contact);
  return { agency: id, admitted: !known, added: added.map(({ contact }) => contact), ...(names.length > 0 && { checked: names }), kept: [...there.keys()].filter((name) => !names.includes(name)) };
}

/** Binds what the co-ordinator approved, and nothing else. Broken off and run again, it goes on where it was. */
export async function bind(io: Io, file: string, options: { certificate?: string }): Promise<Result> {
  const octets = named(io, file, 'the approval');
  return withDirectory(io, async (opened) => {
    const approval = await readApproval(octets, { coordinators: await opened.coordinators(), at: io.now() });
    if (approval.gateway !== opened.gateway) throw new EnrolmentRefusal('APPROVAL_MISMATCH', { places: ['gateway'] });
    await opened.agency(approval.agency);
    const bound: string[] = [];
    if (approval.client) bound.push(await bindClient(io, opened, approval, options.certificate));
    const before = await opened.certificates(approval.agency);
    for (const key of approval.keys) {
      const there = before.find((row) => row.fingerprint === key.fingerprint && row.use === key.use);
      if (there && !there.statement.equals(key.statement)) throw new UsageError([`${key.contact}’s key ${key.fingerprint.slice(-16)} was bound to ${key.use} before, by another statement`], 'A key is bound once. Have a new one made: waybill enrol rotate --contact.');
      if (!there) await opened.registrar.bindCertificate({ agency: approval.agency, ...key });
      bound.push(`${key.contact} ${key.use} ${key.fingerprint}`);
    }
    return done({ agency: approval.agency, until: approval.until.toISOString(), bound }, `${approval.agency}, until ${approval.until.toISOString().slice(0, 10)}:`, ...bound.map((each) => `  ${each}`));
  });
}

async function bindClient(io: Io, { registrar, clients }: Opened, approval: Awaited<ReturnType<typeof readApproval>>, certificate: string | undefined): Promise<string> {
  const { spki, outside, validity } = approval.client as NonNullable<typeof approval.client>;
  if (certificate !== undefined) {
    const read = readOutsideCertificate(namedText(io, certificate, 'the client certificate (PEM)'));
    if (!read.ok || read.presented.spki !== spki) throw new EnrolmentRefusal('CERTIFICATE_NOT_APPROVED', { approved: spki });
  } else if (!outside) throw new UsageError(['the client certificate that was issued is missing'], 'Name it: --certificate client.pem.');
  const until = validity && validity.until < approval.until ? validity.until : approval.until;
  const there = (await clients(approval.agency)).find((row) => row.spki === spki);
  if (there?.revoked_at) throw new UsageError(['this client key was revoked'], 'A revoked key is never bound again: waybill enrol rotate --client.');
  if (!there) await registrar.bindClient(approval.agency, spki, until, approval.from > io.now() ? approval.from : undefined);
  return `client ${spki}`;
}

/** Makes a party active under each agreement of its file, or says everything that is missing. Again, it enters what is on file now. */
export async function activate(io: Io, file: string, options: { agency?: string; agreement?: string }): Promise<Result> {
  const party = partyIn(io, file, options.agency);
  const wanted = party.memberships.filter(({ agreement }) => options.agreement === undefined || agreement === options.agreement);
  if (wanted.length === 0) throw new UsageError([`${file} names no such membership`], 'Write it under memberships: agreement and entry.');
  return withDirectory(io, async ({ registrar, database, agreements: folder, agency }) => {
    await agency(party.agency);
    if (!folder) throw new UsageError(['WAYBILL_AGREEMENTS is not set'], 'Name the folder of agreement profiles that the gateway has.');
    const agreements = readAgreements(resolve(io.cwd, folder));
    for (const { agreement: id, ...membership } of wanted) {
      const agreement = agreements.get(id);
      if (!agreement) throw new UsageError([`there is no agreement ${id} in ${folder}`], 'Correct it in the party’s file.');
      await registrar.activate(agreement, party.agency, { agreement: id, ...membership });
      // Of which profile, exactly: the doctor tells when the gateway's folder holds another.
      await database.source.query('insert into waybill.agreement_version (agreement, version, digest) values ($1, $2, $3) on conflict (agreement, version, digest) do nothing', [id, agreement.version, agreement.digest]);
    }
    return done({ agency: party.agency, active: wanted.map(({ agreement, entry }) => ({ agreement, entry })) }, ...wanted.map(({ agreement, entry }) => `${party.agency} is an active party of ${agreement} (${entry}).`));
  });
}

export async function revoke(io: Io, options: { fingerprint?: string; client?: string; reason: string }): Promise<Result> {
  const [fingerprint, client] = [options.fingerprint?.replaceAll(' ', '').toUpperCase(), options.client?.toLowerCase()];
  if ((fingerprint === undefined) === (client === undefined)) throw new UsageError(['one of --fingerprint and --client must be given'], 'waybill directory show lists both.');
  return withDirectory(io, async ({ registrar, database }) => {
    if (fingerprint !== undefined) await registrar.revokeCertificate(fingerprint, options.reason);
    if (client !== undefined) {
      const [known]: { revoked_at: Date | null }[] = await database.source.query('select revoked_at from waybill.client_certificate where spki = $1', [client]);
      if (!known) throw new UsageError(['no such client key is bound'], 'waybill directory show lists them.');
      await registrar.revokeClient(client, options.reason);
    }
    return done({ revoked: fingerprint ?? client, reason: options.reason }, `Revoked. It holds from the next request on${fingerprint === undefined ? '' : '; transfers sealed to it are held'}.`);
  });
}

export async function withdraw(io: Io, options: { agency: string; agreement: string }): Promise<Result> {
  await withDirectory(io, ({ registrar }) => registrar.withdraw(options.agreement, options.agency));
  return done(options, `${options.agency} is no party of ${options.agreement} any more. Its keys stay bound, for what it sent and received: revoke them when it has left altogether.`);
}

export async function rename(io: Io, { agency, name }: { agency: string; name: string }): Promise<Result> {
  await withDirectory(io, ({ registrar }) => registrar.rename(agency, name));
  return done({ agency, name }, `${agency} is called ${name} from now on. Records of before are read with the name of before.`);
}

export async function succeed(io: Io, { agency, by, on }: { agency: string; by: string; on: string }): Promise<Result> {
  if (!fits('day', on)) throw new UsageError(['--on is not a day'], 'Write it as 2026-04-01.');
  if (on > io.now().toISOString().slice(0, 10)) throw new UsageError(['--on has not come'], 'Enter it on the day: memberships end at once.');
  if (agency === by) throw new UsageError(['an organisation does not take its own place'], 'Name the successor: --by. For another name of the same: waybill directory rename.');
  await withDirectory(io, ({ registrar }) => registrar.succeed(agency, by, on));
  return done({ agency, by, on }, `${by} stands in the place of ${agency} from ${on}. ${agency} is a party of nothing any more; what it had not collected goes back.`);
}

/** The contract under which we process for an organisation's controller, and its instructions as they stand. */
export async function instruct(io: Io, id: string, options: { contract: string; on: string; until?: string }): Promise<Result> {
  const { contract, on, until } = options;
  if (!fits('reference', contract) || !fits('day', on) || (until !== undefined && !(fits('day', until) && until >= on))) throw new UsageError(['the contract’s reference or a day of it is none'], 'Write the reference in capitals, as DPA-2026-014, and days as 2026-04-01.');
  const { instructions } = await withDirectory(io, async ({ registrar, agreements: folder }) => {
    if (!folder) throw new UsageError(['WAYBILL_AGREEMENTS is not set'], 'Name the folder of agreement profiles that the gateway has.');
    return registrar.instruct(id, { contract, on, until, agreements: readAgreements(resolve(io.cwd, folder)) });
  });
  return done({ agency: id, ...options, instructions }, `${options.contract} of ${options.on} stands in its register, with ${instructions.length} agreement(s) as instructions: ${instructions.map((each) => `${each.id} ${each.version}`).join(', ')}.`);
}

/** What the directory holds of an organisation, with what runs out when. */
export async function show(io: Io, id: string): Promise<Result> {
  return withDirectory(io, async ({ agency, certificates, clients, database, directory }) => {
    const row = await agency(id);
    const past = await database.transaction((tx) => directory.past(tx, id));
    const memberships = await database.source.manager.findBy(MembershipRow, { agency: id });
    const domains = (await database.source.manager.findBy(MailDomainRow, { agency: id })).map((each) => domainTold(each, io.now()));
    const window = (each: { from_at: Date; until_at: Date; revoked_at: Date | null }) => ({ from: each.from_at.toISOString(), until: each.until_at.toISOString(), ...(each.revoked_at ? { revokedAt: each.revoked_at.toISOString() } : {}) });
    const told = {
      agency: id, name: row.name, controller: row.controller,
      memberships: memberships.map(membershipTold),
      clients: (await clients(id)).map((each) => ({ client: each.spki, ...window(each) })),
      keys: (await certificates(id)).map((each) => ({ fingerprint: each.fingerprint, contact: each.contact, use: each.use, ...(each.form === 'smime' && { form: each.form }), ...window(each) })),
      ...(domains.length > 0 && { domains }),
      ...(past.length > 0 && { past: past.map(({ kind, was, until }) => ({ kind, was, until: until.toISOString() })) }),
    };
    const until = (each: { until: string; revokedAt?: string }): string => (each.revokedAt ? `REVOKED ${each.revokedAt.slice(0, 10)}` : `until ${each.until.slice(0, 10)}`);
    return done(told, `${id}, ${row.name}; controller ${row.controller}`, ...told.memberships.map((each) => `  ${each.agreement} as ${each.entry}: ${each.status}${each.binding ? `, ${each.binding}` : ''}`), ...told.clients.map((each) => `  client ${each.client}  ${until(each)}`), ...told.keys.map((each) => `  ${each.contact} ${each.use} ${each.fingerprint}${each.form ? '  S/MIME' : ''}  ${until(each)}`),
      ...domains.map((each) => `  mail ${domainLine(each)}`), ...past.map(({ kind, was, until: changed }) => `  before ${changed.toISOString()}: ${kind} ${String(was['agreement'] ?? was['id'])}${kind === 'membership' ? `, ${String(was['status'])}` : ''}; --json shows all of it`));
  });
}

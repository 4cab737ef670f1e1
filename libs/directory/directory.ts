import { In } from 'typeorm';
import type { KnownKey } from '#envelope/addressees';
import { type Certificate, readCertificate } from '#envelope/certificates';
import { readSmimeCertificate } from '#envelope/smime-certificates';
import type { KeyCause } from '#envelope/codes';
import { day } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { Grouping } from '#platform/grouping';
import { prepared } from '#platform/rows';
import { type Agreement, term } from '#policy/agreement';
import type { CertificateTold } from '#protocol/answers';
import { ABSENT, type AgencyFacts, type AgreementFacts, bindingOf, type BoundCertificate, domainOf, type Facts, type KnownParties, knownKey, partiesOf, type ReadCertificate, sealing, signersOf } from './facts';
import type { EnrolmentTold } from '#protocol/published';
import { AgencyRow, AttestationRow, CertificateRow, ClientCertificateRow, ContactRow, ControllerRow, CoordinatorKeyRow, MailDomainRow, MembershipRow } from './rows';

export interface AgencyTold {
  agency: string;
  name: string;
  controller: { id: string; name: string };
  types: string[];
  contacts: { contact: string; kind: string; label: string; posts: string[]; desk?: string; telephone?: string; email?: string }[];
  memberships: { agreement: string; entry: string; status: string; binding?: string }[];
  mailDomains: { domain: string; hosts: string[]; secure: boolean }[];
  formerly: { name: string; from: string; until: string }[];
  succeededBy?: { agency: string; on: string };
  succeeds: { agency: string; on: string }[];
}

/** A row of the directory as it stood until it was changed. */
export interface Past {
  kind: 'agency' | 'membership' | 'contact';
  was: Readonly<Record<string, unknown>>;
  until: Date;
}

/** Parsed certificates by the row that holds them: a certificate's octets never change. */
const CACHE_SIZE = 2_000;

interface BoundClient extends Asker {
  spki: string;
  from_at: Date;
  until_at: Date;
}

/** Callers looked up with one question: what comes while a question is at the database goes with the next. */
const CLIENTS_ASKED = 256;
const CLIENTS_PATIENCE_MS = 2;

/**
 * Organisations, their contacts, memberships and keys. Reading only; the registrar writes.
 * The one place where a key is resolved, whoever asks: sealing, signing, gate, delivery.
 */
export class Directory {
  private readonly parsed = new Map<string, ReadCertificate>();
  private readonly clients = new Grouping<string, BoundClient | undefined>((spkis) => this.boundClients(spkis), { most: CLIENTS_ASKED, patience: CLIENTS_PATIENCE_MS, atOnce: 4 });

  /** @param mails whether this installation sends mail: what it does not carry is no way to anybody */
  constructor(private readonly database: Database, private readonly mails = false) {}

  /**
   * Finds the agency whose client certificate has this public key (SHA-256 of its SubjectPublicKeyInfo, lower hex), today.
   * Asked of the database each time: a revocation holds from the next request on, resumed connections included.
   */
  async agencyOf(spki: string, at: Date): Promise<Asker | undefined> {
    const bound = await this.clients.submit(spki);
    return bound && within(bound, at) ? { agency: bound.agency, controller: bound.controller } : undefined;
  }

  /** The facts on which a decision about these agencies rests, as they stand at `at`. */
  async parties(tx: Tx, agencies: readonly string[], agreement: Agreement, at: Date): Promise<KnownParties> {
    return partiesOf(await this.facts(tx, agencies, agreement), at);
  }

  /**
   * What is known of these agencies and of those who staff or own the agreement's desk. Nobody else is looked at: what a decision costs
   * does not grow with the directory.
   */
  async facts(tx: Tx, agencies: readonly string[], agreement: Agreement): Promise<Facts> {
    const under = await this.factsUnder(tx, agreement);
    const sought = [...new Set([...agencies, ...under.around])];
    return { agreement, under, sought, agencies: await this.factsOf(tx, sought) };
  }

  /** The version is read before what it stands for: what changes in between is newer than it says, and is noticed. */
  async factsUnder(tx: Tx, agreement: Agreement): Promise<AgreementFacts> {
    const [state]: { version: string }[] = await tx.query('select version from waybill.agreement_state where agreement = $1', [agreement.id]);
    const around: { agency: string }[] = await tx.query(
      `select agency from waybill.membership where agreement = $1 and entry = any($2) and status = 'active' union select agency from waybill.contact where desk = $3`,
      [agreement.id, term(agreement, 'controller.hub')?.entries ?? [], term(agreement, 'request.hub')?.desk ?? null],
    );
    return { version: state?.version ?? ABSENT, around: around.map((row) => row.agency) };
  }

  /** All that is known of each of these agencies; one that is not known is absent. */
  async factsOf(tx: Tx, agencies: readonly string[]): Promise<Map<string, AgencyFacts>> {
    const rows = await tx.findBy(AgencyRow, { id: In([...agencies]) });
    const ids = rows.map((row) => row.id);
    const controllers = new Map((await tx.findBy(ControllerRow, { id: In(rows.map((row) => row.controller)) })).map((row) => [row.id, row.name]));
    const contacts = await tx.findBy(ContactRow, { agency: In(ids) });
    const memberships = await tx.findBy(MembershipRow, { agency: In(ids) });
    const attestations = await tx.findBy(AttestationRow, { agency: In(ids) });
    const domains = this.mails ? await tx.findBy(MailDomainRow, { agency: In(ids) }) : [];
    const certificates = await Promise.all((await tx.findBy(CertificateRow, { agency: In(ids) })).map(async (row) => ({ row, ...(await this.certificate(row)) })));
    return new Map(rows.map((row) => [row.id, {
      row,
      controller: { id: row.controller, name: controllers.get(row.controller) ?? row.controller },
      contacts: contacts.filter((contact) => contact.agency === row.id),
      memberships: memberships.filter((member) => member.agency === row.id),
      attestations: attestations.filter((each) => each.agency === row.id),
      domains: domains.filter((domain) => domain.agency === row.id),
      certificates: certificates.filter((bound) => bound.row.agency === row.id),
    }]));
  }

  /** Who the addressees of sealed parts are, and whether their keys may be used: by key IDs, fingerprints, or names of S/MIME certificates, in upper hex digits. */
  async keys(tx: Tx, ids: readonly string[], at: Date): Promise<(id: string) => KnownKey | undefined> {
    const found: (CertificateRow & { id: string })[] = await prepared(
      tx,
      `select k.id, c.* from (
         select key_id as id, fingerprint from waybill.certificate_key where key_id = any($1)
         union select key_fingerprint, fingerprint from waybill.certificate_key where key_fingerprint = any($1)
       ) k join waybill.certificate c on c.fingerprint = k.fingerprint and c.use = 'seal'`,
      [ids],
    );
    const known = new Map<string, KnownKey>();
    for (const { id, ...row } of found) known.set(id, knownKey({ row, ...(await this.certificate(row)) }, at, id));
    return (id) => known.get(id);
  }

  /** Certificates that stand today of those to which a contact may be sealed. */
  async toSealTo(tx: Tx, { agency, contact }: { agency: string; contact: string }, at: Date): Promise<BoundCertificate[]> {
    const rows = await tx.findBy(CertificateRow, { agency, contact, use: 'seal' });
    const bound = await Promise.all(rows.map(async (row) => ({ row, ...(await this.certificate(row)) })));
    return bound.filter((each) => sealing(each, at) === 'current');
  }

  async hasContact(tx: Tx, agency: string, contact: string): Promise<boolean> {
    const rows: unknown[] = await tx.query('select from waybill.contact where agency = $1 and id = $2', [agency, contact]);
    return rows.length > 0;
  }

  /** Which of these keys were revoked, in the directory or by their owner. */
  async revoked(tx: Tx, ids: readonly string[], at: Date): Promise<string[]> {
    const known = await this.keys(tx, ids, at);
    return ids.filter((id) => known(id)?.standing === 'revoked');
  }

  /** Signing certificates ever bound to an agency, with what the directory says of each today. */
  async signers(tx: Tx, agency: string, at: Date): Promise<{ certificate: Certificate; standing: 'current' | KeyCause }[]> {
    return signersOf({ agencies: await this.factsOf(tx, [agency]) }, agency, at);
  }

  /** Certificates with the co-ordinator's statements, the newest first; those past or revoked are shown as such, for old shares. */
  async certificates(tx: Tx, agencies: readonly string[], use?: 'seal' | 'sign'): Promise<CertificateTold[]> {
    const rows = await tx.find(CertificateRow, { where: { agency: In([...agencies]), ...(use ? { use } : {}) }, order: { agency: 'ASC', from_at: 'DESC' } });
    return rows.map((row) => ({
      fingerprint: row.fingerprint,
      ...(row.form === 'smime' && { form: row.form }),
      use: row.use,
      agency: row.agency,
      contact: row.contact,
      certificate: row.octets.toString('base64'),
      statement: row.statement.toString('base64'),
      statementSignature: row.statement_signature.toString('base64'),
      from: row.from_at.toISOString(),
      until: row.until_at.toISOString(),
      ...(row.revoked_at ? { revokedAt: row.revoked_at.toISOString() } : {}),
    }));
  }

  async agencies(tx: Tx, page: { after?: string; limit: number }, at: Date): Promise<AgencyTold[]> {
    const rows: AgencyRow[] = await tx.query('select * from waybill.agency where id > $1 and until_at is null order by id limit $2', [page.after ?? '', page.limit]);
    const ids = rows.map((row) => row.id);
    const controllers = await tx.findBy(ControllerRow, { id: In(rows.map((row) => row.controller)) });
    const contacts = await tx.findBy(ContactRow, { agency: In(ids) });
    const memberships = await tx.findBy(MembershipRow, { agency: In(ids) });
    const domains = await tx.find(MailDomainRow, { where: { agency: In(ids) }, order: { domain: 'ASC' } });
    const names: { agency: string; name: string; from_at: Date; until_at: Date }[] = await tx.query('select agency, name, from_at, until_at from waybill.agency_name where agency = any($1) and until_at is not null order by until_at desc', [ids]);
    const successions: { agency: string; successor: string; on_day: string }[] = await tx.query('select agency, successor, on_day::text from waybill.succession where agency = any($1) or successor = any($1) order by on_day, agency', [ids]);
    return rows.map((row) => ({
      agency: row.id,
      name: row.name,
      controller: { id: row.controller, name: controllers.find((each) => each.id === row.controller)?.name ?? row.controller },
      types: row.types,
      contacts: contacts.filter((contact) => contact.agency === row.id && (contact.until_day === null || contact.until_day > day(at))).map((contact) => ({
        contact: contact.id,
        kind: contact.kind,
        label: contact.label,
        posts: contact.posts,
        ...(contact.desk ? { desk: contact.desk } : {}),
        ...(contact.telephone ? { telephone: contact.telephone } : {}),
        ...(contact.email ? { email: contact.email } : {}),
      })),
      memberships: memberships.filter((member) => member.agency === row.id).map(membershipTold),
      formerly: names.filter((each) => each.agency === row.id).map((each) => ({ name: each.name, from: each.from_at.toISOString(), until: each.until_at.toISOString() })),
      ...successions.filter((each) => each.agency === row.id).reduce((_, each) => ({ succeededBy: { agency: each.successor, on: each.on_day } }), {}),
      succeeds: successions.filter((each) => each.successor === row.id).map((each) => ({ agency: each.agency, on: each.on_day })),
      mailDomains: domains.filter((each) => each.agency === row.id).map((each) => ({ domain: each.domain, hosts: each.hosts, secure: domainOf(each, at).lapsed !== true })),
    }));
  }

  /** What the directory said of an agency before it was changed, the latest first. Of no key: those are bound and revoked, never changed. */
  async past(tx: Tx, agency: string): Promise<Past[]> {
    const rows: { kind: Past['kind']; was: Past['was']; until_at: Date }[] = await tx.query('select kind, was, until_at from waybill.directory_past where agency = $1 order by id desc', [agency]);
    return rows.map(({ kind, was, until_at }) => ({ kind, was, until: until_at }));
  }

  /** An agency's own enrolment: its controller and every client certificate that was ever bound to it, the newest first. */
  async enrolment(tx: Tx, { agency, controller }: Asker): Promise<Omit<EnrolmentTold, 'logKeys'>> {
    const [named] = await tx.findBy(ControllerRow, { id: controller });
    const clients = await tx.find(ClientCertificateRow, { where: { agency }, order: { from_at: 'DESC' } });
    return {
      agency,
      controller: { id: controller, name: named?.name ?? controller },
      clients: clients.map((row) => ({ fingerprint: row.spki, from: row.from_at.toISOString(), until: row.until_at.toISOString(), ...(row.revoked_at ? { revokedAt: row.revoked_at.toISOString() } : {}) })),
    };
  }

  /** Fingerprints of the co-ordinator's keys. A hint only: a client trusts the one that it pinned at enrolment. */
  coordinators(tx: Tx): Promise<CoordinatorKeyRow[]> {
    return tx.find(CoordinatorKeyRow);
  }

  private async boundClients(spkis: readonly string[]): Promise<(BoundClient | undefined)[]> {
    const rows = await this.database.ask<BoundClient>(
      `select c.spki, a.id as agency, a.controller, greatest(c.from_at, a.from_at) as from_at, least(c.until_at, a.until_at) as until_at
       from waybill.client_certificate c join waybill.agency a on a.id = c.agency where c.spki = any($1) and c.revoked_at is null`,
      [[...new Set(spkis)]],
    );
    const found = new Map(rows.map((row) => [row.spki, row]));
    return spkis.map((spki) => found.get(spki));
  }

  private async certificate(row: CertificateRow): Promise<ReadCertificate> {
    const known = this.parsed.get(row.fingerprint);
    if (known?.form === row.form && Buffer.compare(known.certificate.octets, row.octets) === 0) return known;
    const read = await readForm(row.form, new Uint8Array(row.octets));
    if (!read) throw new Error('the directory holds a certificate that can no longer be read');
    if (this.parsed.size >= CACHE_SIZE) this.parsed.delete(this.parsed.keys().next().value ?? '');
    this.parsed.set(row.fingerprint, read);
    return read;
  }
}

async function readForm(form: CertificateRow['form'], octets: Uint8Array): Promise<ReadCertificate | undefined> {
  const reading = form === 'smime' ? readSmimeCertificate(octets) : await readCertificate(octets);
  return reading.ok ? ({ form, certificate: reading.certificate } as ReadCertificate) : undefined;
}

/** A party's place in an agreement, as it is told to every other. */
export function membershipTold(row: MembershipRow): AgencyTold['memberships'][number] {
  const binding = bindingOf(row);
  return { agreement: row.agreement, entry: row.entry, status: row.status, ...(binding ? { binding } : {}) };
}

const within = ({ from_at, until_at }: BoundClient, at: Date): boolean => from_at <= at && until_at > at;

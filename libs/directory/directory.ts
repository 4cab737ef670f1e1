import { In } from 'typeorm';
import type { KnownKey } from '#envelope/addressees';
import { type Certificate, readCertificate, standing } from '#envelope/certificates';
import type { KeyCause } from '#envelope/codes';

import type { Asker, Database, Tx } from '#platform/database';
import { type Agreement, term } from '#policy/agreement';
import type { Contact, Membership, Parties, Party } from '#policy/parties';
import type { CertificateTold } from '#protocol/answers';
import { AgencyRow, CertificateRow, ContactRow, ControllerRow, CoordinatorKeyRow, MembershipRow } from './rows';

export interface AgencyTold {
  agency: string;
  name: string;
  controller: { id: string; name: string };
  types: string[];
  contacts: { contact: string; kind: string; label: string; posts: string[]; desk?: string; telephone?: string }[];
  memberships: { agreement: string; entry: string; status: string }[];
}

/** What a decision rests on. `members`: those of the active members that were looked at. */
export interface KnownParties extends Parties {
  members(): readonly Party[];
}

/** Parsed certificates by the row that holds them: a certificate's octets never change. */
const CACHE_SIZE = 2_000;

/**
 * Organisations, their contacts, memberships and keys. Reading only; the registrar writes.
 * The one place where a key is resolved, whoever asks: sealing, signing, gate, delivery.
 */
export class Directory {
  private readonly parsed = new Map<string, Certificate>();

  constructor(private readonly database: Database) {}

  /**
   * Finds the agency whose client certificate has this public key (SHA-256 of its SubjectPublicKeyInfo, lower hex), today.
   * Asked of the database each time: a revocation holds from the next request on, resumed connections included.
   */
  async agencyOf(spki: string, at: Date): Promise<Asker | undefined> {
    const rows: Asker[] = await this.database.source.query(
      `select a.id as agency, a.controller from waybill.client_certificate c join waybill.agency a on a.id = c.agency
       where c.spki = $1 and c.revoked_at is null and c.from_at <= $2 and c.until_at > $2 and a.from_at <= $2 and (a.until_at is null or a.until_at > $2)`,
      [spki, at],
    );
    return rows[0];
  }

  /**
   * The facts on which a decision about these agencies rests, as they stand at `at`, and those who staff or own the agreement's desk.
   * Nobody else is looked at: what a decision costs does not grow with the directory.
   */
  async parties(tx: Tx, agencies: readonly string[], agreement: Agreement, at: Date): Promise<KnownParties> {
    const desk = term(agreement, 'request.hub')?.desk ?? null;
    const around: { agency: string }[] = await tx.query(
      `select agency from waybill.membership where agreement = $1 and entry = any($2) and status = 'active' union select agency from waybill.contact where desk = $3`,
      [agreement.id, term(agreement, 'controller.hub')?.entries ?? [], desk],
    );
    const wanted = [...new Set([...agencies, ...around.map((row) => row.agency)])];
    const rows = await tx.findBy(AgencyRow, { id: In(wanted) });
    const controllers = new Map((await tx.findBy(ControllerRow, { id: In(rows.map((row) => row.controller)) })).map((row) => [row.id, row.name]));
    const contacts = await tx.findBy(ContactRow, { agency: In(wanted) });
    const certificates = await tx.findBy(CertificateRow, { agency: In([...agencies]), use: 'seal' });
    const memberships = await tx.findBy(MembershipRow, { agency: In(wanted) });
    const keys = new Map<string, Contact['sealingKey']>();
    for (const certificate of certificates) {
      const contact = `${certificate.agency}/${certificate.contact}`;
      keys.set(contact, better(keys.get(contact), await this.sealing(certificate, at)));
    }
    const known = new Map(rows.filter((row) => row.from_at <= at && (row.until_at === null || row.until_at > at)).map((row) => [row.id, partyOf(row)]));
    const active = memberships.filter((member) => member.agreement === agreement.id && member.status === 'active');
    const standing = (found: MembershipRow | undefined) => found && known.get(found.agency);
    return {
      party: (agency) => known.get(agency),
      member: (entry) => standing(active.find((member) => member.entry === entry)),
      members: () => active.flatMap((member) => standing(member) ?? []),
    };

    function partyOf(row: AgencyRow): Party {
      return {
        agency: row.id,
        controller: { id: row.controller, name: controllers.get(row.controller) ?? row.controller },
        types: row.types as Party['types'],
        country: row.country,
        memberships: memberships.filter((member) => member.agency === row.id).map(membershipOf),
        contacts: contacts.filter((contact) => contact.agency === row.id).map((contact) => contactOf(contact, row.mail_domains, keys.get(`${row.id}/${contact.id}`) ?? 'none')),
      };
    }
  }

  /** Who the addressees of sealed parts are, and whether their keys may be used. Key IDs are 16, fingerprints 40 or 64 upper hex digits. */
  async keys(tx: Tx, ids: readonly string[], at: Date): Promise<(id: string) => KnownKey | undefined> {
    const found: { id: string; fingerprint: string }[] = await tx.query(
      `select key_id as id, fingerprint from waybill.certificate_key where key_id = any($1)
       union select key_fingerprint, fingerprint from waybill.certificate_key where key_fingerprint = any($1)`,
      [ids],
    );
    const rows = await tx.findBy(CertificateRow, { fingerprint: In(found.map((key) => key.fingerprint)), use: 'seal' });
    const known = new Map<string, KnownKey>();
    for (const { id, fingerprint } of found) {
      const row = rows.find((each) => each.fingerprint === fingerprint);
      if (row) known.set(id, { recipient: `${row.agency}/${row.contact}`, standing: await this.sealing(row, at, id) });
    }
    return (id) => known.get(id);
  }

  /** Which of these keys were revoked, in the directory or by their owner. */
  async revoked(tx: Tx, ids: readonly string[], at: Date): Promise<string[]> {
    const known = await this.keys(tx, ids, at);
    return ids.filter((id) => known(id)?.standing === 'revoked');
  }

  /** Signing certificates ever bound to an agency, with what the directory says of each today: a revoked one is told apart from a stranger's. */
  async signers(tx: Tx, agency: string, at: Date): Promise<{ certificate: Certificate; standing: 'current' | KeyCause }[]> {
    const rows = await tx.findBy(CertificateRow, { agency, use: 'sign' });
    return Promise.all(rows.map(async (row) => ({ certificate: await this.certificate(row), standing: bound(row, at) })));
  }

  /** Certificates with the co-ordinator's statements, the newest first; those past or revoked are shown as such, for old shares. */
  async certificates(tx: Tx, agencies: readonly string[], use?: 'seal' | 'sign'): Promise<CertificateTold[]> {
    const rows = await tx.find(CertificateRow, { where: { agency: In([...agencies]), ...(use ? { use } : {}) }, order: { agency: 'ASC', from_at: 'DESC' } });
    return rows.map((row) => ({
      fingerprint: row.fingerprint,
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

  async agencies(tx: Tx, page: { after?: string; limit: number }): Promise<AgencyTold[]> {
    const rows: AgencyRow[] = await tx.query('select * from waybill.agency where id > $1 and until_at is null order by id limit $2', [page.after ?? '', page.limit]);
    const ids = rows.map((row) => row.id);
    const controllers = await tx.findBy(ControllerRow, { id: In(rows.map((row) => row.controller)) });
    const contacts = await tx.findBy(ContactRow, { agency: In(ids) });
    const memberships = await tx.findBy(MembershipRow, { agency: In(ids) });
    return rows.map((row) => ({
      agency: row.id,
      name: row.name,
      controller: { id: row.controller, name: controllers.find((each) => each.id === row.controller)?.name ?? row.controller },
      types: row.types,
      contacts: contacts.filter((contact) => contact.agency === row.id).map((contact) => ({
        contact: contact.id,
        kind: contact.kind,
        label: contact.label,
        posts: contact.posts,
        ...(contact.desk ? { desk: contact.desk } : {}),
        ...(contact.telephone ? { telephone: contact.telephone } : {}),
      })),
      memberships: memberships.filter((member) => member.agency === row.id).map(({ agreement, entry, status }) => ({ agreement, entry, status })),
    }));
  }

  /** Fingerprints of the co-ordinator's keys. A hint only: a client trusts the one that it pinned at enrolment. */
  coordinators(tx: Tx): Promise<CoordinatorKeyRow[]> {
    return tx.find(CoordinatorKeyRow);
  }

  private async sealing(row: CertificateRow, at: Date, id?: string): Promise<'current' | KeyCause> {
    const binding = bound(row, at);
    if (binding !== 'current') return binding;
    const certificate = await this.certificate(row);
    const keys = id === undefined ? certificate.seal : certificate.seal.filter((key) => key.keyId === id || key.fingerprint === id);
    const found = keys.map((key) => standing(certificate, key, at));
    return found.find((each) => each === 'current') ?? found[0] ?? 'unverified';
  }

  private async certificate(row: CertificateRow): Promise<Certificate> {
    const known = this.parsed.get(row.fingerprint);
    if (known && Buffer.compare(known.octets, row.octets) === 0) return known;
    const reading = await readCertificate(new Uint8Array(row.octets));
    if (!reading.ok) throw new Error('the directory holds a certificate that can no longer be read');
    if (this.parsed.size >= CACHE_SIZE) this.parsed.delete(this.parsed.keys().next().value ?? '');
    this.parsed.set(row.fingerprint, reading.certificate);
    return reading.certificate;
  }
}

/** Whether the co-ordinator's word for a certificate holds at `at`. */
function bound(row: CertificateRow, at: Date): 'current' | KeyCause {
  if (row.revoked_at && row.revoked_at <= at) return 'revoked';
  if (row.from_at > at) return 'unverified';
  return row.until_at <= at ? 'expired' : 'current';
}

const better = (a: Contact['sealingKey'] | undefined, b: Contact['sealingKey']): Contact['sealingKey'] => (a === 'current' ? a : b);

const membershipOf = (row: MembershipRow): Membership => ({
  agreement: row.agreement,
  entry: row.entry,
  status: row.status === 'incomplete' ? 'held' : row.status,
  from: row.from_day,
  ...(row.until_day ? { until: row.until_day } : {}),
  ...(row.scope_limit ? { scopeLimit: row.scope_limit } : {}),
  ...(row.privacy_assessed_on ? { privacyAssessedOn: row.privacy_assessed_on } : {}),
  controlsConfirmed: row.controls_confirmed,
});

function contactOf(row: ContactRow, domains: readonly string[], sealingKey: Contact['sealingKey']): Contact {
  return {
    contact: row.id,
    kind: row.kind,
    posts: row.posts,
    ...(row.desk ? { desk: row.desk } : {}),
    ...(row.verified_on ? { verifiedOn: row.verified_on } : {}),
    ...(row.email ? { email: row.email } : {}),
    ...(row.email && domains.length > 0 ? { emailDomainOwned: domains.some((domain) => row.email?.toLowerCase().endsWith(`@${domain}`)) } : {}),
    ...(row.telephone ? { telephone: row.telephone } : {}),
    from: row.from_day,
    ...(row.until_day ? { until: row.until_day } : {}),
    protections: sealingKey === 'none' ? [] : ['openpgp'],
    sealingKey,
  };
}


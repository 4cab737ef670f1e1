import type { NewMembership } from '#directory/entered';
import type { Registrar } from '#directory/registrar';
import { type Authority, issue, type Issued } from '#envelope/authority';
import { type Certificate, readCertificate } from '#envelope/certificates';
import { makeStatement } from '#envelope/key-statement';
import { generateKeyPair, type PrivateKey, readPrivateKey } from '#envelope/private-keys';
import { DAY, day } from '#platform/clock';
import type { Agreement } from '#policy/agreement';

/** One contact of a fictional agency. `keys`: whether it has an OpenPGP key pair of its own. */
export interface ContactPlan {
  contact: string;
  kind: 'team' | 'person';
  label: string;
  posts?: readonly string[];
  desk?: string;
  telephone?: string;
  cjsm?: boolean;
  approvedOn?: string;
  collects?: boolean;
  keys: boolean;
}

export interface AgencyPlan {
  agency: string;
  name: string;
  controller: { id: string; name: string };
  type: string;
  /** Entry of the agreement's party list under which it joins. */
  entry: string;
  /** What is on file of its membership, besides an assessment of today. */
  onFile?: Partial<NewMembership>;
  /** Domain of its mail addresses, if not named after it. */
  mailDomain?: string;
  /** Where it is, if not here: ISO 3166-1 alpha-2. */
  country?: string;
  contacts: readonly ContactPlan[];
}

export interface ContactKeys {
  certificate: Certificate;
  /** Binary, unlocked: a sandbox's. */
  secret: Uint8Array;
  key: PrivateKey;
}

/** An agency as it is on its own premises: with its secrets. */
export interface Partner {
  plan: AgencyPlan;
  client: Issued;
  keys: ReadonlyMap<string, ContactKeys>;
}

export interface Coordinator {
  certificate: Certificate;
  secret: Uint8Array;
  key: PrivateKey;
}

export interface Partnership {
  coordinator: Coordinator;
  partners: ReadonlyMap<string, Partner>;
}

export const newClient = (authority: Authority, plan: AgencyPlan, now: Date): Promise<Issued> => issue(authority, plan.agency, { from: now, until: new Date(now.getTime() + VALID_MS) });

const VALID_MS = 365 * DAY;

export async function newKeys(name: string, algorithm: 'curve25519-legacy' | 'rsa3072' = 'curve25519-legacy'): Promise<ContactKeys> {
  const pair = await generateKeyPair({ name, algorithm });
  const reading = await readCertificate(pair.certificate);
  if (!reading.ok) throw new Error('a key pair that was just made cannot be read');
  return { certificate: reading.certificate, secret: pair.privateKey, key: await readPrivateKey(pair.privateKey) };
}

export const newCoordinator = (): Promise<Coordinator> => newKeys('Sandbox partnership co-ordinator');

/** Makes an agency's keys on its own side: a key pair for each contact that has one, beside the client certificate issued to it. */
export async function newPartner(client: Issued, plan: AgencyPlan): Promise<Partner> {
  const keys = new Map<string, ContactKeys>();
  for (const contact of plan.contacts.filter((each) => each.keys)) keys.set(contact.contact, await newKeys(`${plan.name}, ${contact.label}`));
  return { plan, client, keys };
}

/**
 * Enters an agency with all its contacts, binds its keys with the co-ordinator's statements, and makes it a party of the agreement:
 * the same steps as a real one takes, refused for the same reasons.
 */
export async function enrol(registrar: Registrar, coordinator: Coordinator, agreement: Agreement, { plan, client, keys }: Partner, now: Date): Promise<void> {
  const domain = plan.mailDomain ?? `${plan.agency}.example`;
  await registrar.admit({ agency: plan.agency, name: plan.name, controller: plan.controller, types: [plan.type], country: plan.country ?? 'GB', mailDomains: [domain] });
  for (const contact of plan.contacts) {
    await registrar.addContact(plan.agency, { ...contact, email: `${contact.contact}@${domain}`, verifiedOn: day(now) });
  }
  const until = new Date(now.getTime() + VALID_MS);
  await registrar.bindClient(plan.agency, client.spki, until);
  for (const [contact, { certificate }] of keys) {
    for (const use of ['seal', 'sign'] as const) await bind(registrar, coordinator, { agency: plan.agency, contact, use, certificate, from: now, until });
  }
  await registrar.activate(agreement, plan.agency, { agreement: agreement.id, entry: plan.entry, privacyAssessedOn: day(now), controlsConfirmed: true, ...plan.onFile });
}

export interface Binding {
  agency: string;
  contact: string;
  use: 'seal' | 'sign';
  form?: 'smime';
  certificate: Pick<Certificate, 'fingerprint' | 'octets'>;
  from: Date;
  until: Date;
}

export async function bind(registrar: Registrar, coordinator: Coordinator, { agency, contact, use, form, certificate, from, until }: Binding): Promise<void> {
  const statement = await makeStatement({ agency, contact, fingerprint: certificate.fingerprint, ...(form ? { form } : {}), use, from: from.toISOString(), until: until.toISOString() }, coordinator.key);
  await registrar.bindCertificate({ agency, contact, use, certificate: certificate.octets, statement: statement.octets, statementSignature: statement.signature });
}

import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:https';
import type { Certificate } from '#envelope/certificates';
import { readPart } from '#envelope/parts';
import { seal } from '#envelope/sealing';
import { signDetached } from '#envelope/signatures';
import type { Clock } from '#platform/clock';
import { uuid7 } from '#platform/ids';
import type { Agreement } from '#policy/agreement';
import type { PrivateKey } from '#envelope/private-keys';
import { sha256 } from '#protocol/digest';
import type { ContactKeys, Partner } from '../../apps/standalone/partnership';
import type { Standalone } from '../../apps/standalone/standalone';
import { STATED, THOUGHT_OF } from './share-file';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into whatever was answered
  json: any;
}

export interface FormField {
  name: string;
  octets: Uint8Array;
}

/** A share as it goes over the wire: four kinds of octets, each of which a test may bend. */
export interface Composed {
  id: string;
  manifest: Buffer;
  signature: Uint8Array;
  lines: string[];
  parts: Map<string, Uint8Array>;
}

export interface PartPlan {
  category: string;
  text: string;
  /** In its place. */
  octets?: Buffer;
  kind?: string;
  /** `agency/contact` → need-to-know; `undefined` proposes the line without one. */
  to: Record<string, string | undefined>;
  /** What else its lines say. */
  says?: Record<string, unknown>;
  /** Certificates to seal to, when they are not those of `to`. */
  sealTo?: readonly Certificate[];
  /** Seals it, where that is not with OpenPGP. */
  sealed?: (octets: Buffer, as: { manifest: string; part: string }) => Uint8Array;
}

export interface SharePlan {
  parts: readonly PartPlan[];
  manifest?: Record<string, unknown>;
  reference?: string;
  /** `false` leaves the decision line out. */
  decision?: Record<string, unknown> | false;
  id?: string;
}

/** An agency played by a test, with the keys that it really has. It writes the wire itself: the SDK has tests of its own. */
export class TestPartner {
  readonly agency: string;
  readonly agent: Agent;

  constructor(readonly own: Partner, private readonly system: Standalone, private readonly agreement: Agreement, private readonly clock: Clock) {
    this.agency = own.plan.agency;
    this.agent = new Agent({ keepAlive: true, cert: own.client.certificate, key: own.client.key, ca: system.keys.authority.certificate });
  }

  /** Keys of a contact; without a name, of the first that has some. */
  keys(contact?: string): ContactKeys {
    const found = contact === undefined ? this.own.keys.values().next().value : this.own.keys.get(contact);
    if (!found) throw new Error(`${this.agency} has no keys for ${contact ?? 'anybody'}`);
    return found;
  }

  get contact(): string {
    return this.own.keys.keys().next().value as string;
  }

  manifestOf(overrides: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      format: 'waybill-manifest/1',
      id: uuid7(),
      sender: { agency: this.agency, contact: this.contact, role: 'designated-safeguarding-lead' },
      gateway: this.system.origin,
      created: this.clock.now().toISOString(),
      agreement: { id: this.agreement.id, version: this.agreement.version },
      purpose: 'front-door-referral',
      lawfulBasis: '6(1)(e)',
      conditions: ['9(2)(g)', 'sch1-18'],
      legalGateway: 'children-act-2004-s11',
      classification: 'OFFICIAL-SENSITIVE',
      urgency: 'routine',
      consent: { status: 'not-sought', reason: 'puts-child-at-risk' },
      informed: { status: 'not-informed', reason: 'puts-child-at-risk' },
      handling: { doNotTellSubject: true },
      ...STATED,
      ...overrides,
    };
  }

  /** Seals and signs a share with this agency's keys. `certificates`: of the recipients, by `agency/contact`. */
  async compose(plan: SharePlan, certificates: (recipient: string) => Certificate): Promise<Composed> {
    const manifest = this.manifestOf({ ...(plan.id ? { id: plan.id } : {}), ...plan.manifest });
    const id = manifest['id'] as string;
    const parts = new Map<string, Uint8Array>();
    const lines: string[] = [];
    const recipients = new Set<string>();
    for (const [i, part] of plan.parts.entries()) {
      const name = `part-${i + 1}`;
      const octets = part.octets ?? Buffer.from(part.text);
      const sealed = part.sealed?.(octets, { manifest: id, part: name }) ?? (await seal({ octets, to: part.sealTo ?? Object.keys(part.to).map(certificates), signer: this.keys().key, manifest: id, part: name }));
      parts.set(name, sealed);
      const digest = await sealedDigest(sealed);
      for (const [recipient, needToKnow] of Object.entries(part.to)) {
        recipients.add(recipient);
        lines.push(this.line(recipient, { part: name, digest, category: part.category, kind: part.kind ?? 'fact', ...(needToKnow ? { needToKnow } : {}), ...part.says }));
      }
    }
    for (const recipient of recipients) lines.push(this.line(recipient, { about: 'subject', reference: plan.reference ?? 'AB-1234', band: 'under-16' }));
    if (plan.decision !== false) {
      lines.push(this.line(`${this.agency}/${this.contact}`, {
        about: 'decision', decider: this.contact, role: 'designated-safeguarding-lead', at: this.clock.now().toISOString(), reasons: ['protects-from-harm'],
        ...THOUGHT_OF, ...plan.decision,
      }));
    }
    return this.sign(manifest, lines, parts);
  }

  line(recipient: string, fields: Record<string, unknown>): string {
    const [agency, contact] = recipient.split('/');
    return JSON.stringify({ salt: randomBytes(16).toString('hex'), recipient: { agency, contact }, ...fields });
  }

  async sign(manifest: Record<string, unknown>, lines: string[], parts: Map<string, Uint8Array>, key: PrivateKey = this.keys().key): Promise<Composed> {
    const octets = Buffer.from(JSON.stringify({ ...manifest, lines: lines.map(sha256).sort() }));
    return { id: manifest['id'] as string, manifest: octets, signature: await signDetached({ octets, key }), lines, parts };
  }

  submit(share: Composed, headers: Record<string, string> = {}): Promise<Answer> {
    return this.form('POST', '/v1/shares', fieldsOf(share), headers);
  }

  /** Signs a statement about a transfer and sends it. */
  async state(kind: 'opened' | 'acknowledged' | 'returned', transfer: string, about: { share: string; manifestDigest: string }, more: Record<string, unknown> = {}): Promise<Answer> {
    return this.form('PUT', `/v1/mailbox/${transfer}/${kind}`, await this.statement(kind, { transfer, ...about }, more));
  }

  async recall(share: string, manifestDigest: string, reason = 'sent-in-error'): Promise<Answer> {
    return this.form('POST', `/v1/shares/${share}/recall`, await this.statement('recalled', { share, manifestDigest }, { reason }));
  }

  async statement(kind: string, about: Record<string, unknown>, more: Record<string, unknown> = {}, key: PrivateKey = this.keys().key): Promise<FormField[]> {
    const statement = Buffer.from(JSON.stringify({ format: 'waybill-statement/1', kind, by: { agency: this.agency, contact: this.contact }, at: this.clock.now().toISOString(), ...about, ...more }));
    return [{ name: 'statement', octets: statement }, { name: 'signature', octets: await signDetached({ octets: statement, key }) }];
  }

  form(method: string, path: string, fields: readonly FormField[], headers: Record<string, string> = {}): Promise<Answer> {
    const boundary = randomBytes(12).toString('hex');
    const body = Buffer.concat([
      ...fields.flatMap(({ name, octets }) => [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n`), Buffer.from(octets), Buffer.from('\r\n')]),
      Buffer.from(`--${boundary}--\r\n`),
    ]);
    return this.ask(method, path, body, { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('GET', path, undefined, headers);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.ask('POST', path, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  }

  ask(method: string, path: string, body?: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
    return ask(this.agent, this.system.port, method, path, body, headers);
  }

  disconnect(): void {
    this.agent.destroy();
  }
}

export function ask(agent: Agent, port: number, method: string, path: string, body?: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: 'localhost', port, agent, method, path, headers: { ...headers, ...(body ? { 'content-length': String(body.length) } : {}) } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const octets = Buffer.concat(pieces);
        let json: unknown;
        try {
          json = JSON.parse(octets.toString());
        } catch {
          json = undefined;
        }
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: octets, json });
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // A server ends connections that are kept and not used, at the very moment, it may be, at which one is used again: who only asks, asks anew.
      if (method === 'GET' && sent.reusedSocket && error.code === 'ECONNRESET') ask(agent, port, method, path, body, headers).then(resolve, reject);
      else reject(error);
    });
    sent.end(body);
  });
}

export const fieldsOf = (share: Composed): FormField[] => [
  { name: 'manifest', octets: share.manifest },
  { name: 'signature', octets: share.signature },
  { name: 'lines', octets: Buffer.from(JSON.stringify(share.lines)) },
  ...[...share.parts].map(([name, octets]) => ({ name, octets })),
];

/** SHA-256 of what every copy of a sealed part has alike, as the sender frames it. */
export async function sealedDigest(sealed: Uint8Array): Promise<string> {
  const reading = await readPart((async function* () { yield sealed; })(), { maxOctets: 2 ** 31, maxAddressees: 200, sink: () => undefined });
  if (!reading.ok) throw new Error(`not sealed: ${reading.problem.code}`);
  return reading.part.digest;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '#client/connection';
import type { ShareDescription } from '#client/description';
import type { Partner as Client } from '#client/partner';
import { Pins, type PinsFile } from '#client/pins';
import type { Sandbox } from '../sandbox';

/** The child of the demonstration does not exist. The name is planted in every sealed part, and searched for in everything that the gateway wrote. */
export const PLANTED = 'Wilhelmina Quillfeather';

export const FRONT_DOOR = { agency: 'merebrook-council', contact: 'front-door' };
export const CASEWORK = { agency: 'kingfisher-families', contact: 'casework' };

/** A step that did not show what it was to show. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

export function show(holds: boolean, says: string): void {
  if (!holds) throw new StepFailed(says);
}

export interface Stage {
  sandbox: Sandbox;
  /** The agencies, each on its own premises with its own keys, speaking to the gateway over mutual TLS. */
  school: Client;
  council: Client;
  charity: Client;
  say(line: string): void;
}

export async function enter(sandbox: Sandbox, say: (line: string) => void): Promise<Stage> {
  const client = async (agency: string): Promise<Client> => {
    const home = sandbox.home(agency);
    const partner = sandbox.partnership.partners.get(agency);
    if (!partner) throw new Error(`the sandbox has no ${agency}`);
    const [contact, keys] = [...partner.keys][0] as [string, { key: Client['signingKey'] }];
    return {
      agency,
      contact,
      connection: new Connection({ gateway: sandbox.system.origin, ca: sandbox.system.keys.authority.certificate, certificate: partner.client.certificate, key: partner.client.key }),
      pins: await Pins.of(JSON.parse(readFileSync(join(home, 'pins.json'), 'utf8')) as PinsFile),
      signingKey: keys.key,
      openingKeys: [...partner.keys.values()].map((each) => each.key),
    };
  };
  return { sandbox, school: await client('st-brigid-primary'), council: await client(FRONT_DOOR.agency), charity: await client(CASEWORK.agency), say };
}

/** What a school would write: three parts about a child, and why each recipient needs which. */
export function referral({ sandbox, school }: Stage, needs: { casework: Record<string, string | undefined> }, more: Partial<ShareDescription> = {}): ShareDescription {
  const { agreement } = sandbox;
  const part = (text: string) => new Uint8Array(Buffer.from(`${PLANTED}\n${text}\n`));
  const toCasework = Object.entries(needs.casework).map(([name, needToKnow]) => [name, needToKnow ? { needToKnow } : {}]);
  return {
    agreement: { id: agreement.id, version: agreement.version },
    sender: { agency: school.agency, contact: school.contact, role: 'designated-safeguarding-lead' },
    purpose: 'front-door-referral',
    lawfulBasis: '6(1)(e)',
    conditions: ['9(2)(g)', 'sch1-18'],
    legalGateway: 'children-act-2004-s11',
    classification: 'OFFICIAL-SENSITIVE',
    urgency: 'routine',
    consent: { status: 'not-sought', reason: 'puts-child-at-risk' },
    informed: { status: 'not-informed', reason: 'puts-child-at-risk' },
    accuracy: { on: '2026-01-05', by: 'designated-safeguarding-lead' },
    thirdParties: { identifiable: false },
    handling: { doNotTellSubject: true },
    subject: { reference: 'WQ-2041', band: 'under-16', known: { names: [PLANTED], born: ['2017-04-09'] } },
    decision: { by: school.contact, role: 'designated-safeguarding-lead', reasons: ['protects-from-harm'], aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }, safetyConsidered: true, necessary: true, risk: 'high', checklist: ['how-much', 'fact-or-opinion', 'right-person', 'securely', 'openly'] },
    parts: [
      { octets: part('Also known as Minnie.'), category: 'names', kind: 'fact', source: 'own-record' },
      { octets: part('Came to school without a coat on five days in January.'), category: 'contacts-with-service', kind: 'fact', source: 'own-record' },
      { octets: part('Has asthma; no inhaler in school since Christmas.'), category: 'health', kind: 'opinion', source: 'own-record' },
    ],
    recipients: [
      { ...FRONT_DOOR, parts: Object.fromEntries(['part-1', 'part-2', 'part-3'].map((name) => [name, { needToKnow: 'assesses-referral' }])) },
      { ...CASEWORK, parts: Object.fromEntries(toCasework) },
    ],
    ...more,
  };
}

/** One part to the front door, and nobody else. */
export function note(stage: Stage, urgency: ShareDescription['urgency'], text: string): ShareDescription {
  return referral(stage, { casework: {} }, {
    urgency,
    parts: [{ octets: new Uint8Array(Buffer.from(`${PLANTED}\n${text}\n`)), category: 'contacts-with-service', kind: 'fact', source: 'own-record' }],
    recipients: [{ ...FRONT_DOOR, parts: { 'part-1': { needToKnow: 'assesses-referral' } } }],
  });
}

/** What the courier or the relay does a moment later. */
export async function soon<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new StepFailed(`${what} did not happen within 15 seconds`);
}

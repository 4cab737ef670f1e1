import { GRAMMAR, hidesIdentifier } from '#protocol/grammar';
import type { Agreement } from '../agreement';
import type { Party } from '../parties';
import { isWordOf } from './words';

/** Fields whose values are of a closed list, or days, instants and names of parts: nobody can write a name there. */
const FIXED: ReadonlySet<string> = new Set([
  'format', 'created', 'urgency', 'classification', 'status', 'on', 'expires', 'request', 'previous', 'supersedes', 'onStrikeOff', 'part', 'kind', 'asOf', 'scannedOn', 'confidence', 'source', 'about', 'band', 'at',
  'subjects', 'evidence', 'provider', 'view', 'risk', 'impactAssessment', 'from', 'until', 'coverSheetConfirmedAt', 'envelopeMarking', 'neededBy', 'checkedOn', 'answer', 'lane', 'scope', 'endsAt', 'state', 'notification', 'as',
]);
/** Who consents is of a closed list in a field in which elsewhere a role stands. */
const WHO_CONSENTS: ReadonlySet<string> = new Set(['person', 'parent', 'attorney', 'court-deputy']);
/** Random, or the digest of what no decision asks about. */
const LEFT_OUT: ReadonlySet<string> = new Set(['salt', 'digest', 'wordsDigest', 'gateway', 'lines']);

/** Fields that hold a reference, of which nobody has a list. */
const REFERENCES: ReadonlySet<string> = new Set(['reference', 'consignment', 'asset']);
/** In the place of a reference: what is asked of it is only whether it hides an identifier, which the second seems to. */
const REFERENCE = 'AA-1';
const HIDING_REFERENCE = 'AA-2000-01-01';

/**
 * Takes from what a decision was made on whatever could tell of a person. A word that stands in no list could be a name with hyphens; no rule
 * can tell it from any other such word, so another stands in its place, the same for the same throughout.
 */
export class Mask {
  private readonly given = new Map<string, string>();
  private readonly directory: ReadonlySet<string>;

  constructor(private readonly agreement: Agreement, parties: readonly Party[]) {
    this.directory = new Set(parties.flatMap(({ agency, controller, contacts }) => [agency, controller.id, ...contacts.map(({ contact }) => contact)]));
  }

  /** A copy without what is left out, and with every unknown word replaced. */
  over<T>(value: T, field = ''): T {
    if (typeof value === 'string') return this.text(value, field) as T;
    if (Array.isArray(value)) return value.map((each: unknown) => this.over(each, field)) as T;
    if (typeof value !== 'object' || value === null) return value;
    const copy: Record<string, unknown> = {};
    for (const [name, each] of Object.entries(value)) if (each !== undefined && !LEFT_OUT.has(name)) copy[name] = this.over(each, name);
    return copy as T;
  }

  /** Whether it is what stands in the place of an unknown word. */
  gave(value: string): boolean {
    return [...this.given.values()].includes(value);
  }

  private text(value: string, field: string): string {
    if (REFERENCES.has(field)) return hidesIdentifier(value) ? HIDING_REFERENCE : REFERENCE;
    if (field === 'called') return value.split('/').map((half) => this.text(half, '')).join('/');
    if (FIXED.has(field) || GRAMMAR.uuid.test(value) || this.directory.has(value) || isWordOf(this.agreement, value) || (field === 'by' && WHO_CONSENTS.has(value))) return value;
    let instead = this.given.get(value);
    if (instead === undefined) this.given.set(value, (instead = `unknown-${this.given.size + 1}`));
    return instead;
  }
}

/** A party as a decision asks about it: how it is reached is only that it can be. */
export const withoutReach = ({ contacts, ...party }: Party): Party => ({
  ...party,
  contacts: contacts.map((contact) => ({ ...contact, ...(contact.email !== undefined && { email: 'kept' }), ...(contact.telephone !== undefined && { telephone: 'kept' }) })),
});

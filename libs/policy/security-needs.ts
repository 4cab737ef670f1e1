import { type Agreement, term } from './agreement';
import { within } from './vocabulary/entry';

/**
 * The agreement as it stands for what comes from the party under this entry of its list: with the rules of the party's own security
 * profile in the place of the agreement's (PD-20), where the agreement admits such rules. Else the agreement itself.
 */
export const underSecurityNeeds = (agreement: Agreement, entry: string | undefined, at: string): Agreement =>
  (term(agreement, 'party.specificSecurityNeeds')?.allowed && withProfile(agreement, entry, at)) || agreement;

/** The same where the agreement admits no such rules: what the party asks for is then advice (PD-21). Undefined: it asks for nothing. */
export const asPartyWishes = (agreement: Agreement, entry: string | undefined, at: string): Agreement | undefined =>
  term(agreement, 'party.specificSecurityNeeds')?.allowed === false ? withProfile(agreement, entry, at) : undefined;

function withProfile(agreement: Agreement, entry: string | undefined, at: string): Agreement | undefined {
  const profile = term(agreement, 'party.specificSecurityNeeds')?.profiles?.find((each) => each.entry === entry && within(each, at));
  if (!profile) return undefined;
  // One agreement for each profile, because what is worked out of an agreement is kept by it.
  const made = MADE.get(agreement)?.get(profile) ?? { ...agreement, terms: { ...agreement.terms, ...profile.terms } as Agreement['terms'] };
  MADE.set(agreement, (MADE.get(agreement) ?? new Map<object, Agreement>()).set(profile, made));
  return made;
}

const MADE = new WeakMap<Agreement, Map<object, Agreement>>();

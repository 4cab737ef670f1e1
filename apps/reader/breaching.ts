import { verifiedBreach } from '#client/breaches';
import { itemsOf } from '#client/pages';
import type { Partner } from '#client/partner';
import type { Reader } from '#client/reader-key';
import { GRAMMAR } from '#protocol/grammar';
import { readJson } from '#protocol/json';
import type { AgencyTold } from '#protocol/published';
import { type Case, caseShown } from './breach-case';
import type { Agencies, Picked } from './breach-fields';
import { alarmed, reporting } from './breach-report';
import { type Line, partnerBy } from './connection';
import { found } from './elements';
import type { Handed } from './handed';
import { READER_LIMITS } from './limits';
import { say } from './page';
import type { Written } from './writing';

/** What the console hands over of a data breach. The gateway looks at each again. */
export interface Breaching {
  /** A new one, with the answer to its first question; absent: it is about a case that stands. */
  report: { harm: 'yes' | 'no' | 'unknown'; agreement: { id: string; version: string }; nearMiss: boolean } | undefined;
  /** Shares that the agency sent or received lately, to pick from; and those that it came from. */
  shares: readonly Picked[];
  chosen: readonly string[];
}

const HARMS = ['yes', 'no', 'unknown'] as const;

export function breachingIn(given: URLSearchParams): Breaching {
  const [id = '', version = ''] = (given.get('agreement') ?? '').split('/');
  const harm = HARMS.find((each) => each === given.get('harm'));
  const reading = readJson(Buffer.from(given.get('shares') ?? '', 'base64url'));
  const listed: unknown[] = reading.ok && Array.isArray(reading.value) ? reading.value.slice(0, READER_LIMITS.picked.value) : [];
  const isPicked = (each: unknown): each is Picked => Array.isArray(each) && each.length === 2 && each.every((part) => typeof part === 'string') && GRAMMAR.uuid.test(String(each[0]));
  return {
    report: harm && GRAMMAR.agreement.test(id) ? { harm, agreement: { id, version }, nearMiss: given.get('near') === 'yes' } : undefined,
    shares: listed.filter(isPicked).map(([share, says]) => [share, says.slice(0, 120)] as const), chosen: (given.get('chosen') ?? '').split(' ').filter((each) => GRAMMAR.uuid.test(each)),
  };
}

/** Parties of the agreement, by what they are called, to choose from. */
async function agenciesOf(partner: Partner, agreement: string, besides: readonly string[]): Promise<Agencies> {
  const all: [string, string][] = [];
  for await (const { agency, name, memberships } of itemsOf<AgencyTold>(partner, '/v1/directory/agencies')) {
    if (besides.includes(agency) || memberships.some((each) => each.agreement === agreement && each.status === 'active')) all.push([agency, name]);
  }
  return Object.fromEntries(all.sort(([, one], [, other]) => one.localeCompare(other)));
}

/** A data breach in the browser: its report, or what is stated of a case; signed here with the team's own key, and composed here what no server reads. */
export async function breaching({ about: breach, role, reader }: Handed, given: Breaching, line: Line, as: Reader): Promise<Written> {
  const partner = partnerBy(line, as);
  const share = found('share');
  const about = { partner, as, breach, role, reader, given };
  share.hidden = false;
  if (!given.report) return shownAgain(about, share);
  const { harm, agreement } = given.report;
  if (harm === 'no') return reporting({ ...about, share, agencies: await agenciesOf(partner, agreement.id, []), report: given.report });
  // A person before a process: nothing else is asked before the police and the front door have it.
  say('Telling the police and the front door …');
  await alarmed(about, given.report);
  return shownAgain(about, share);
}

async function shownAgain(about: Omit<Case, 'told' | 'agencies' | 'again'>, share: HTMLElement): Promise<Written> {
  const written: Written = { keep: () => Promise.resolve(false) };
  const again = async (): Promise<void> => {
    say('Verifying …');
    const told = await verifiedBreach(about.partner, about.breach);
    const agencies = await agenciesOf(about.partner, told.under.id, told.parties.map(({ agency }) => agency));
    const { elements, keep } = await caseShown({ ...about, told, agencies, again });
    written.keep = keep;
    share.replaceChildren(...elements);
  };
  await again();
  return { keep: () => written.keep() };
}

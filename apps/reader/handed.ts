import { ClientRefusal } from '#client/codes';
import { GRAMMAR } from '#protocol/grammar';
import { type Breaching, breachingIn } from './breaching';
import { type Sayings, sayingsIn } from './saying';

/** What the console hands over behind `#`, which no server sees. All of it is taken as if a stranger had said it. */
export interface Handed {
  /** Where the gateway is asked, with a pass for this one thing. */
  base: string;
  /** The transfer that is read, the share that is written, the request of which something is said, or the data breach. */
  about: string;
  /** Who is at the desk, for the foot of a printed page. */
  reader: string;
  /** Role of whoever it is, and managers of its agency: codes and contacts of the directory. */
  role: string;
  managers: readonly string[];
  /** Of what the agreement asks whoever decides to think. */
  checklist: readonly string[];
  /** Whether what is asked may be answered with this address. */
  answers: boolean;
  /** Whether the law compels an answer: then nothing is refused, and it is said why it cannot be complied with (RQ-13). */
  compelled: boolean;
  /** Something new is written: by whom, and its codes; without codes what lies here as a draft is gone on with. */
  writes: { agency: string; contact: string; codes: string | undefined } | undefined;
  /** What may be said of a request by whoever was not at the desk: then there is no transfer to open. */
  sayings: Sayings | undefined;
  /** A data breach is reported, or something is stated of a case. */
  breach: Breaching | undefined;
  /** The page of the console where it came from. */
  back: string | undefined;
  /** After how long without a question the session ends, and how long before that it is said. */
  idle: { ms: number; warnMs: number } | undefined;
}

const ADDRESS = /^https:\/\/[A-Za-z0-9.:/_-]+$/;

/** @throws ClientRefusal */
export function handed(): Handed {
  const given = new URLSearchParams(location.hash.slice(1));
  const of = (name: string): string => given.get(name) ?? '';
  // The address is worth something for minutes, and nobody who looks at this screen needs it.
  history.replaceState(undefined, '', location.pathname);
  const [base, about, back] = [of('from'), of('transfer') || of('writes') || of('request') || of('breach'), of('back')];
  if (!ADDRESS.test(base) || !GRAMMAR.uuid.test(about)) throw new ClientRefusal('ANSWER_INVALID', { path: 'reader' });
  // Only to where it came from.
  const own = ADDRESS.test(back) && new URL(back).origin === new URL(base).origin;
  const codes = (name: string, grammar: RegExp): string[] => of(name).split(' ').filter((each) => grammar.test(each));
  const [ms, warnMs] = [Number(of('idle')), Number(of('warn'))];
  return {
    base, about, reader: of('reader').slice(0, 120), role: GRAMMAR.code.test(of('role')) ? of('role') : 'practitioner', managers: codes('managers', GRAMMAR.contact), checklist: codes('checklist', GRAMMAR.code), answers: of('answers') === 'yes', compelled: of('compelled') === 'yes',
    writes: given.has('writes') && GRAMMAR.agency.test(of('agency')) && GRAMMAR.contact.test(of('contact')) ? { agency: of('agency'), contact: of('contact'), codes: given.get('share') ?? undefined } : undefined,
    sayings: given.has('request') ? sayingsIn(given) : undefined, breach: given.has('breach') ? breachingIn(given) : undefined, back: own ? back : undefined, idle: ms > warnMs && warnMs > 0 ? { ms, warnMs } : undefined,
  };
}

import type { CustodyStated } from '#protocol/custody';
import type { CustodyLack } from '#protocol/custody-answers';

// Who can open a team's mailbox. It is the same key in every file: what one person was given nobody can take back.

/** A mailbox that one person opens is closed when that person is ill. */
export const FEWEST_CUSTODIANS = 2;

/** What follows for the key: it stays, and is wrapped anew under other words; or another takes its place. */
export type Follows = 'nothing' | 're-wrap' | 'new-key';

interface Because {
  says: string;
  follows: Follows;
}

/** Why a key file was made. */
export const GIVEN_BECAUSE = {
  made: { says: 'the file was made for whoever holds it', follows: 'nothing' },
  forgotten: { says: 'its six words are forgotten, and nobody else knew them: the same keys are wrapped anew under others, and the old file opens for nobody', follows: 're-wrap' },
  'lost-locked': { says: 'the device was lost, and the file on it lay locked under six drawn words that were not with it: the same keys are wrapped anew under others', follows: 're-wrap' },
  recovered: { says: 'it was made from the recovery key', follows: 're-wrap' },
} as const satisfies Record<string, Because>;

/** Why somebody holds it no more. */
export const TAKEN_BECAUSE = {
  left: { says: 'whoever leaves could have kept file and words, and giving them back takes nothing away: the team gets a new key. What came before is still opened with the old one', follows: 'new-key' },
  'other-post': { says: 'whoever does other work now could have kept file and words: the team gets a new key. What came before is still opened with the old one', follows: 'new-key' },
  'lost-open': { says: 'whoever found it may have had the keys: it lay unlocked, or its words were with it. The team gets a new key', follows: 'new-key' },
  destroyed: { says: 'file and words are destroyed, and nobody else had them: the keys stay', follows: 'nothing' },
} as const satisfies Record<string, Because>;

export type GivenBecause = keyof typeof GIVEN_BECAUSE;
export type TakenBecause = keyof typeof TAKEN_BECAUSE;

/** Reasons after which a key is no more the team's alone. */
export const ENDS_A_KEY: readonly string[] = Object.entries(TAKEN_BECAUSE).filter(([, { follows }]) => follows === 'new-key').map(([code]) => code);

/** What a statement says of why, and what follows; undefined where its kind has no such reason. Pure. */
export function becauseOf({ kind, because }: Pick<CustodyStated, 'kind' | 'because'>): Because | undefined {
  const table: Readonly<Record<string, Because>> = kind === 'given' ? GIVEN_BECAUSE : TAKEN_BECAUSE;
  return Object.hasOwn(table, because) ? table[because] : undefined;
}

/** What a mailbox lacks. Pure. @param spoilt whether somebody has the key who should not */
export const lacksOf = ({ people, recovery, spoilt }: { people: number; recovery: boolean; spoilt: boolean }): CustodyLack[] => [
  ...(people < FEWEST_CUSTODIANS ? ['second-custodian' as const] : []), ...(recovery ? [] : ['recovery' as const]), ...(spoilt ? ['new-key' as const] : []),
];

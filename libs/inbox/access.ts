import type { OnFileOfStaff, Staff } from '#directory/staff';
import { type Training, TRAININGS } from '#directory/staff-file';
import { DAY } from '#platform/clock';
import { type Agreement, term } from '#policy/agreement';
import type { ValueOf } from '#policy/parameters';
import { ACCESS_REASONS } from '#protocol/access-reasons';

/** What it depends on whether somebody may look at an item, and do something about it. */
export interface Looking {
  staff: Staff;
  onFile: OnFileOfStaff;
  /** Whether this session has a second factor. */
  secondFactor: boolean;
  /** The agreement under which the item came, as its sender's own security needs have it. */
  agreement: Agreement;
  /** Whether the item came to a front door's desk. */
  atDesk: boolean;
  at: Date;
}

export type Deed = 'looking' | 'working';

interface Bar {
  code: string;
  clauses: readonly string[];
  /** Of what it keeps somebody. Who may not look may not work either. */
  bars: Deed;
  says: string;
  next: string;
  stands(looking: Looking): boolean;
}

/** For how long the statement of responsibilities holds (AS-20): it is acknowledged yearly. */
export const STATEMENT_HOLDS_DAYS = 365;

/** Which trainings keep whom of what: guidance of a front door whoever works at its desk, the others everybody who would send something. */
const ASKED_OF: Record<Training, { atDesk: boolean; before: Deed }> = {
  'front-door-guidance': { atDesk: true, before: 'looking' },
  'information-sharing': { atDesk: false, before: 'working' },
  'data-protection': { atDesk: false, before: 'working' },
};

/** Conditions of access, in the order in which they are told. All are tried. */
export const BARS = [
  {
    code: 'STAFF_CHECK_MISSING', clauses: ['AS-02'], bars: 'looking', says: 'The organisational check that this agreement asks of you is not on file, or has run out.',
    next: 'Ask your manager to have the check recorded. Until then a colleague on duty has to take this.',
    stands: ({ agreement, onFile, at }) => term(agreement, 'party.staffCheck') === 'must' && !holds(onFile.check, at),
  },
  {
    code: 'GUIDANCE_MISSING', clauses: ['AS-15'], bars: 'looking', says: 'The training that this agreement asks of you before you look is not on file, or has run out.',
    next: 'Do the training, and ask your manager to have it recorded. Until then a colleague on duty has to take this.',
    stands: (looking) => untrained(looking, 'looking').length > 0,
  },
  {
    code: 'SECOND_FACTOR_MISSING', clauses: ['AS-06'], bars: 'looking', says: 'What comes from this organisation may be looked at with a second factor only, and you signed in without one.',
    next: 'Sign in again with your second factor.',
    stands: ({ agreement, secondFactor }) => term(agreement, 'access.mfa') === 'required' && !secondFactor,
  },
  {
    code: 'STATEMENT_MISSING', clauses: ['AS-20'], bars: 'looking', says: 'You have not confirmed within the last year what you are responsible for.',
    next: 'Read the statement and confirm it. It takes a minute.',
    stands: ({ onFile, at }) => onFile.statementAt === undefined || at.getTime() - onFile.statementAt.getTime() > STATEMENT_HOLDS_DAYS * DAY,
  },
  {
    code: 'TRAINING_MISSING', clauses: ['AS-15'], bars: 'working', says: 'The training that this agreement asks of everybody who shares is not on file, or has run out. You may look, and not answer.',
    next: 'Do the training, and ask your manager to have it recorded.',
    stands: (looking) => untrained(looking, 'working').length > 0,
  },
] as const satisfies readonly Bar[];

export type BarCode = (typeof BARS)[number]['code'];

/** What keeps somebody of a deed. Pure: with the same on file it is the same at any time of that day. */
export const barsOf = (looking: Looking, deed: Deed): readonly (typeof BARS)[number][] => BARS.filter((bar) => (deed === 'working' || bar.bars === 'looking') && bar.stands(looking));

/** Trainings that are asked for and not on file. */
export const untrained = ({ agreement, onFile, atDesk, at }: Looking, before: Deed): Training[] =>
  (term(agreement, 'party.training') ?? []).filter((kind) => ASKED_OF[kind].before === before && (!ASKED_OF[kind].atDesk || atDesk) && !onFile.training.some((done) => done.kind === kind && holds(done, at)));

/** Where an agreement asks, and does not say must: told beside the item, and keeps nobody of anything. */
export const warnings = ({ agreement, onFile, at }: Looking): string[] =>
  (term(agreement, 'party.staffCheck') === 'asked' && !holds(onFile.check, at) ? ['This agreement asks whether staff are checked; no check of yours is on file.'] : []);

type WhoMay = ValueOf<'access.whoMay'>[number];

/** Reasons for access, in the words in which somebody gives one (AS-03). */
export const REASONS: Record<WhoMay, string> = ACCESS_REASONS;

/** The reasons that an agreement admits. */
export const reasonsOf = (agreement: Agreement): readonly WhoMay[] => term(agreement, 'access.whoMay') ?? ['need-to-know'];

export const saysTraining = (kinds: readonly Training[]): string => kinds.map((kind) => TRAININGS[kind]).join('; ');

/** AS-17, and the law that it stands on. */
export const OFFENCE = 'Looking at this without a reason that belongs to your work may be an offence (Data Protection Act 2018, section 170; Computer Misuse Act 1990, section 1). Every look is recorded.';

function holds(done: { on: string; until?: string } | undefined, at: Date): boolean {
  const today = at.toISOString().slice(0, 10);
  return done !== undefined && done.on <= today && (done.until === undefined || done.until >= today);
}

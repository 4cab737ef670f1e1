import type { Triage } from '#inbox/item';
import { SIGNALS } from '#policy/triage';
import { entryOf } from '#policy/vocabulary/entry';
import { TRIAGE_REASONS } from '#policy/vocabulary/requests';
import { TRIAGE_LEVELS } from '#protocol/request-statement';
import { TRIAGE_STATUS } from './statuses';

/** How pressing somebody found it, and why, as a sentence. */
export function triageShown(triage: Triage | undefined): { says: string; by: string; at: Date } | false {
  if (!triage) return false;
  const { level, byTable, signals, reason, by, at } = triage;
  const because = signals.length > 0 ? `because ${signals.map((code) => entryOf(SIGNALS, code)?.says ?? code).join('; ')}` : 'because no sign was ticked: nobody knows enough of it yet';
  const own = level === byTable ? '' : ` Its signs make it ${TRIAGE_STATUS[byTable].word.toLowerCase()}; it was found otherwise${reason ? `: ${entryOf(TRIAGE_REASONS, reason)?.says ?? reason}` : ''}.`;
  return { says: `${TRIAGE_STATUS[level].word} ${because}.${own}`, by, at };
}

/** What can be ticked and chosen, with what stands now. */
export const triageFields = (triage: Triage | undefined) => ({
  signals: Object.entries(SIGNALS).map(([code, { says, level }]) => ({ code, says, word: TRIAGE_STATUS[level].word, ticked: triage?.signals.includes(code) ?? false })),
  levels: TRIAGE_LEVELS.map((code) => ({ code, ...TRIAGE_STATUS[code] })),
  reasons: Object.entries(TRIAGE_REASONS).map(([code, { says }]) => ({ code, says })),
});

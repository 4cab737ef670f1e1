import type { Draft } from '#client/drafting';
import type { PlanAnswer, ReasonTold } from '#protocol/answers';
import { addressed } from '#protocol/line';
import { CATEGORIES } from '#policy/vocabulary/categories';
import { entryOf } from '#policy/vocabulary/entry';
import { capital } from './field';

interface Told {
  code: string;
  says: string;
  next: string;
  ground: string | false;
  /** Of which recipient it is so, where it is of one. */
  of: string | false;
}

/** Who would be able to read what, and what would not go and why. */
export interface PlanShown {
  /** Whether anything goes. */
  goes: boolean;
  recipients: { address: string; called: string; reads: string[]; without: { what: string; reasons: Told[] }[] }[];
  reasons: Told[];
  warnings: Told[];
  ring: { called: string; telephone: string }[];
}

export function planShown(draft: Draft, answer: PlanAnswer, called: (address: string) => string): PlanShown {
  const addresses = [...new Set(draft.lines.filter(({ part }) => part !== undefined).map(({ recipient }) => addressed(recipient)))];
  // A warning that is about one recipient names its organisation as its cause.
  const byAgency = (agency: string): string | undefined => addresses.filter((address) => address.startsWith(`${agency}/`)).map(called)[0];
  const recipients = addresses.map((address) => {
    const own = answer.lines.filter(({ line }) => draft.lines[line]?.part !== undefined && addressed(draft.lines[line].recipient) === address);
    const whatOf = (line: number): string => saysOf(draft.parts.get(draft.lines[line]?.part ?? '')?.category ?? '');
    return {
      address, called: called(address), reads: answer.outcome === 'permitted' ? own.filter(({ permitted }) => permitted).map(({ line }) => whatOf(line)) : [],
      without: own.filter(({ permitted, reasons }) => !permitted && reasons.length > 0).map(({ line, reasons }) => ({ what: whatOf(line), reasons: reasons.map((each) => toldOf(each)) })),
    };
  });
  return {
    goes: recipients.some(({ reads }) => reads.length > 0), recipients, reasons: answer.reasons.map((each) => toldOf(each)), warnings: answer.warnings.map((each) => toldOf(each, byAgency)),
    ring: answer.emergency?.frontDoors.flatMap(({ agency, contact, telephone }) => (telephone ? [{ called: called(`${agency}/${contact}`), telephone }] : [])) ?? [],
  };
}

const toldOf = ({ code, says, next, ground, cause }: ReasonTold, called: (agency: string) => string | undefined = () => undefined): Told => ({ code, says: capital(says), next, ground: ground ?? false, of: (cause && called(cause)) ?? false });

const saysOf = (category: string): string => entryOf(CATEGORIES, category)?.says ?? category;

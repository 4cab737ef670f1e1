import { loadFolders } from '#partnership/agreements';
import type { Agreement } from '#policy/agreement';
import type { Cases } from '#policy/cases';
import { change, proposed } from '#policy/cases-run';
import { decide } from '#policy/decide';
import type { Decision, Reason } from '#policy/decision';

type Changes = Record<string, unknown>;

/** One agreement as it is loaded, and its own examples to start from. */
export interface Profile {
  agreement: Agreement;
  cases: Cases;
  /** Decides the permitted share of its examples with these changes. */
  decided(changes?: Changes): Decision;
  /** Codes that stop something, then codes that only warn, each once: `NO_PURPOSE`, `warns NO_PROVENANCE`. */
  told(changes?: Changes): string[];
  /** `agency/contact` of everybody who gets something. */
  reached(changes?: Changes): string[];
}

const all = new Map(loadFolders('deploy/agreements').map(({ id, loading }) => {
  if (!loading.ok || !loading.cases) throw new Error(`${id} does not load`);
  return [id, profileOf(loading.agreement, loading.cases)] as const;
}));

export function profile(id: string): Profile {
  const found = all.get(id);
  if (!found) throw new Error(`no agreement ${id}`);
  return found;
}

export const profiles = (): readonly Profile[] => [...all.values()];

function profileOf(agreement: Agreement, cases: Cases): Profile {
  const decided = (changes: Changes = {}): Decision => {
    const { parties, proposal } = proposed(agreement, change(cases.world, changes));
    return decide(agreement, parties, proposal);
  };
  return {
    agreement,
    cases,
    decided,
    told: (changes) => {
      const decision = decided(changes);
      return [...new Set([...reasonsOf(decision).map(({ code }) => code), ...decision.warnings.map(({ code }) => `warns ${code}`)])];
    },
    reached: (changes) => {
      const decision = decided(changes);
      return decision.outcome === 'permitted' ? decision.transfers.map(({ recipient }) => `${recipient.agency}/${recipient.contact}`) : [];
    },
  };
}

/** What stops the share, a recipient or a line. */
export const reasonsOf = (decision: Decision): Reason[] => [...(decision.outcome === 'refused' ? decision.reasons : []), ...decision.struckOff.flatMap(({ reasons }) => reasons)];

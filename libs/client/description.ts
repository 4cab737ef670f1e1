import type { ItemKind, SubjectLine, DecisionAid } from '#protocol/line';
import type { Classification, ConsentDeclared, InformingDeclared, Threads, Urgency } from '#protocol/manifest';
import type { SubjectKnown } from './subject';

/** One piece of a share, of one category. Its octets are sealed as they are; what a file was called is not sent. */
export interface PartDescribed {
  octets: Uint8Array;
  category: string;
  kind?: ItemKind;
  /** `YYYY-MM-DD` */
  asOf?: string;
  confidence?: 'confirmed' | 'doubtful';
  source?: 'own-record' | 'subject' | 'third-party';
}

/** Why one recipient needs one part. */
export interface NeedDescribed {
  needToKnow?: string;
  justification?: string;
}

export interface RecipientDescribed {
  agency: string;
  contact: string;
  /** `part-1` → why. A recipient gets these parts and no others. */
  parts: Readonly<Record<string, NeedDescribed>>;
  /** Whether it learns the reference; if not said otherwise, it does. */
  seesSubject?: boolean;
  /** Whether it sees the recorded decision; if not said otherwise, it does not. */
  seesDecision?: boolean;
}

export interface DecisionDescribed {
  /** Directory identifier of the person who decided. */
  by: string;
  role: string;
  /** Instant; now, if not said. */
  at?: string;
  reasons: readonly string[];
  method?: string;
  aid?: DecisionAid;
  safetyConsidered?: boolean;
  /** The reasons in words: sealed to the sender's own contact, and to whoever is named here with its need to know. */
  words?: { text: string; to?: Readonly<Record<string, NeedDescribed>> };
}

/** A share as its sender thinks of it: what, to whom, why and by what right. Codes are the agreement's. */
export interface ShareDescription {
  agreement: { id: string; version: string };
  sender: { agency: string; contact: string; role?: string };
  purpose?: string;
  lawfulBasis?: string;
  conditions?: readonly string[];
  legalGateway?: string;
  classification?: Classification;
  urgency: Urgency;
  consent?: ConsentDeclared;
  informed?: InformingDeclared;
  handling: { doNotTellSubject: boolean };
  threads?: Threads;
  onStrikeOff?: 'continue' | 'refuse';
  subject?: {
    /** Initials or a case number; without one, nobody is told a reference. */
    reference?: string;
    band?: SubjectLine['band'];
    /** Compared with and never sent. */
    known: SubjectKnown;
  };
  decision?: DecisionDescribed;
  /** In order: the first is `part-1`. */
  parts: readonly PartDescribed[];
  recipients: readonly RecipientDescribed[];
  /** Whether each recipient learns which other organisations are told, so that nobody assumes that another knows; if not said, as the agreement has it. */
  alsoTold?: boolean;
}

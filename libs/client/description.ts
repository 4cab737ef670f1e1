import type { DecisionAid, DecisionLine, ItemKind, Source, SubjectLine } from '#protocol/line';
import type { Answers, Asks } from '#protocol/asks';
import type { AccuracyConfirmed, AdviceSought, ConfidenceOwed, ConsentDeclared, FosteringFacts, InformingDeclared, OnwardDeclared, ReviewCited, SubjectGroup, ThirdPartiesDeclared, WayAsked } from '#protocol/declarations';
import type { ManifestBase, Threads, Urgency } from '#protocol/manifest';
import type { OctetsFile } from './octets-file';
import type { SubjectKnown } from './subject';

/** One piece of a share, of one category. Its octets are sealed as they are, a file's as they are read; what it was called is not sent. */
export interface PartDescribed {
  octets: Uint8Array | OctetsFile;
  category: string;
  /** A PDF that goes to somebody without a key is sealed as a PDF, by qpdf on this machine; else in a zip. */
  sealAs?: 'pdf';
  kind?: ItemKind;
  /** `YYYY-MM-DD` */
  asOf?: string;
  /** Day on which your scanner found nothing in it. */
  scannedOn?: string;
  confidence?: 'confirmed' | 'doubtful';
  source?: Source;
  doubt?: string;
  sourceKind?: string;
  historical?: string;
  severalPeople?: boolean;
}

/** Why one recipient needs one part. */
export interface NeedDescribed {
  needToKnow?: string;
  justification?: string;
  exceptional?: boolean;
  outside?: string;
}

export interface RecipientDescribed {
  agency: string;
  contact: string;
  /** `part-1` → why. A recipient gets these parts and no others. */
  parts: Readonly<Record<string, NeedDescribed>>;
  /** Whether it learns the reference; if not said otherwise, it does, but where advice is asked for without identity. */
  seesSubject?: boolean;
  /** Whether it sees the recorded decision; if not said otherwise, it does not. */
  seesDecision?: boolean;
  /** It has no key: its parts go in password-protected containers, where the agreement lets them. */
  channel?: 'mail-container';
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
  necessary?: boolean;
  risk?: DecisionLine['risk'];
  checklist?: readonly string[];
  significantHarm?: boolean;
  harmToldOtherwise?: string;
  consulted?: DecisionLine['consulted'];
  secondDecider?: string;
  identityNeeded?: boolean;
  highRisk?: boolean;
  impactAssessment?: DecisionLine['impactAssessment'];
  /** The reasons in words: sealed to the sender's own contact, and to whoever is named here with its need to know. */
  words?: { text: string; to?: Readonly<Record<string, NeedDescribed>> };
}

/** A share as its sender thinks of it: what, to whom, why and by what right. Codes are the agreement's. */
export interface ShareDescription {
  /** Drawn before, so that what is sent again after an answer was lost is never a second share; drawn when it is written out, if not given. */
  id?: string;
  agreement: { id: string; version: string };
  sender: { agency: string; contact: string; role?: string };
  purpose?: string;
  lawfulBasis?: string;
  conditions?: readonly string[];
  legalGateway?: string;
  classification?: ManifestBase['classification'];
  urgency: Urgency;
  consent?: ConsentDeclared;
  informed?: InformingDeclared;
  subjects?: readonly SubjectGroup[];
  accuracy?: AccuracyConfirmed;
  thirdParties?: ThirdPartiesDeclared;
  confidentiality?: ConfidenceOwed;
  anonymised?: boolean;
  advice?: AdviceSought;
  onward?: OnwardDeclared;
  review?: ReviewCited;
  fostering?: FosteringFacts;
  way?: WayAsked;
  handling: { doNotTellSubject: boolean };
  threads?: Threads;
  /** It is an information request: what it asks. The question in words is a part of category `question`. */
  asks?: Asks;
  /** What it answers of the request that `threads.request` names. */
  answers?: Answers;
  onStrikeOff?: 'continue' | 'refuse';
  subject?: {
    /** Initials or a case number; without one, nobody is told a reference. */
    reference?: string;
    band?: SubjectLine['band'];
    /** Of an adult: on what ground he or she is at risk. */
    atRisk?: string;
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

import { isPartLine } from '#protocol/line';
import { purposeOf, term } from '../agreement';
import { CATEGORIES } from '../vocabulary/categories';
import { CHANNELS, WEAKER_REASONS } from '../vocabulary/channels';
import { INFORMERS, NO_CONSENT_REASONS, NOT_INFORMED_REASONS } from '../vocabulary/consent';
import {
  AT_RISK_GROUNDS, DOUBTS, HARM_TOLD_OTHERWISE, HISTORICAL_REASONS, IDENTITY_REASONS, ONWARD_GROUNDS, OUTSIDE_GROUNDS, REVIEW_BODIES, SOURCE_KINDS, THIRD_PARTY_REASONS,
} from '../vocabulary/declarations';
import { IDENTITY_CHECKS, NO_ALTERNATIVES } from '../vocabulary/disclosure-routes';
import { holds, type Table } from '../vocabulary/entry';
import { GATEWAYS } from '../vocabulary/gateways';
import { ARTICLE_9, SUPPORTS } from '../vocabulary/lawful-bases';
import { DECISION_METHODS, DECISION_REASONS, JUSTIFICATIONS, NEEDS_TO_KNOW } from '../vocabulary/reasons';
import { NOT_SHARING_REASONS } from '../vocabulary/not-sharing';
import { AUTHORITIES, REQUEST_TYPES } from '../vocabulary/requests';
import { ROLES } from '../vocabulary/roles';
import { PART_3, SCHEDULE_1, SCHEDULE_8 } from '../vocabulary/schedules';
import type { Condition, LineFacts, ShareFacts } from './condition';

const CONDITIONS_DECLARED: Table = { ...ARTICLE_9, ...SUPPORTS, ...SCHEDULE_1, ...SCHEDULE_8, ...PART_3 };

/** The first place whose code no vocabulary knows. */
class Places {
  found: string | undefined;

  constructor(private readonly at: string) {}

  look(pointer: string, code: string | undefined, table: Table): this {
    if (this.found === undefined && code !== undefined && !holds(table, code, this.at)) this.found = pointer;
    return this;
  }

  lookIn(pointer: string, codes: readonly string[] | undefined, known: (code: string) => boolean): this {
    const unknown = codes?.findIndex((code) => !known(code)) ?? -1;
    if (this.found === undefined && unknown !== -1) this.found = `${pointer}/${unknown}`;
    return this;
  }
}

function unknownInManifest({ agreement, manifest, at, route }: ShareFacts): string | undefined {
  const { sender, consent, informed, asks, answers } = manifest;
  return new Places(at)
    .look('/sender/role', sender.role, ROLES)
    .look('/legalGateway', manifest.legalGateway, GATEWAYS)
    .look('/consent/reason', consent?.reason, NO_CONSENT_REASONS)
    .look('/informed/by', informed?.by, INFORMERS)
    .look('/informed/reason', informed?.reason, NOT_INFORMED_REASONS)
    .lookIn('/conditions', manifest.conditions, (code) => holds(CONDITIONS_DECLARED, code, at))
    .lookIn('/consent/purposes', consent?.purposes, (code) => purposeOf(agreement, code) !== undefined)
    .lookIn('/consent/categories', consent?.categories, (code) => holds(CATEGORIES, code, at))
    .look('/accuracy/by', manifest.accuracy?.by, ROLES)
    .look('/thirdParties/reason', manifest.thirdParties?.reason, THIRD_PARTY_REASONS)
    .look('/advice/identityNeeded', manifest.advice?.identityNeeded, IDENTITY_REASONS)
    .look('/onward/ground', manifest.onward?.ground, ONWARD_GROUNDS)
    .look('/review/commissionedBy', manifest.review?.commissionedBy, REVIEW_BODIES)
    .look('/way/channel', manifest.way?.channel, CHANNELS)
    .look('/way/reason', manifest.way?.reason, WEAKER_REASONS)
    .look('/way/approver', manifest.way?.approver, ROLES)
    .look('/asks/type', asks?.type, REQUEST_TYPES)
    .lookIn('/asks/categories', asks?.categories.map(({ category }) => category), (code) => holds(CATEGORIES, code, at))
    .look('/asks/authority/kind', asks?.authority?.kind, AUTHORITIES)
    .look('/asks/authority/checkedBy', asks?.authority?.checkedBy, ROLES)
    .lookIn('/answers/categories', answers?.categories.map(({ category }) => category), (code) => holds(CATEGORIES, code, at))
    .lookIn('/answers/reasons', answers?.reasons, (code) => holds(NOT_SHARING_REASONS, code, at))
    .look('/route/identity/how', route?.identity?.how, IDENTITY_CHECKS)
    .look('/route/identity/by', route?.identity?.by, ROLES)
    .look('/route/addressCheckedBy', route?.addressCheckedBy, ROLES)
    .look('/route/noAlternative', route?.noAlternative, NO_ALTERNATIVES).found;
}

function unknownInLine({ agreement, line, at }: LineFacts): string | undefined {
  const places = new Places(at);
  if (isPartLine(line)) {
    return places
      .look('/needToKnow', line.needToKnow, NEEDS_TO_KNOW)
      .look('/justification', line.justification, JUSTIFICATIONS)
      .look('/doubt', line.doubt, DOUBTS)
      .look('/sourceKind', line.sourceKind, SOURCE_KINDS)
      .look('/historical', line.historical, HISTORICAL_REASONS)
      .look('/outside', line.outside, OUTSIDE_GROUNDS).found;
  }
  if (line.about === 'subject') return places.look('/atRisk', line.atRisk, AT_RISK_GROUNDS).found;
  if (line.about !== 'decision') return undefined;
  return places
    .look('/role', line.role, ROLES)
    .look('/method', line.method, DECISION_METHODS)
    .lookIn('/reasons', line.reasons, (code) => holds(DECISION_REASONS, code, at))
    .lookIn('/checklist', line.checklist, (code) => term(agreement, 'decision.checklist')?.includes(code) ?? false)
    .look('/harmToldOtherwise', line.harmToldOtherwise, HARM_TOLD_OTHERWISE)
    .look('/consulted/role', line.consulted?.role, ROLES).found;
}

/** A code that stands in no list could be a name with hyphens. */
export const CODES = [
  {
    code: 'CODE_UNKNOWN', clauses: ['MN-06', 'LB-20'], on: 'share', grounds: [{ technical: 'what a word means that stands in no list nobody can trust' }], nicety: true, pointer: unknownInManifest,
    says: 'every code in the manifest stands in the vocabulary of today',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknownInManifest(facts) === undefined,
  },
  {
    code: 'CODE_UNKNOWN', clauses: ['MN-06', 'LB-20'], on: 'line', grounds: [{ technical: 'what a word means that stands in no list nobody can trust' }], nicety: true, pointer: unknownInLine,
    says: 'every code in a line stands in the vocabulary of today',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknownInLine(facts) === undefined,
  },
] as const satisfies readonly Condition[];
